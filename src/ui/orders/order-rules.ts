import type { BootstrapStatus, EntityStatus } from '../../domain/bootstrap-status.ts';
import type { OperatorVerb } from '../../domain/operator-orders.ts';
import { isMoving, isUnderWay } from '../bootstrap/progress.ts';

/** An order that the viewer is about to give, with the kind of data it is about. */
export type AskedOrder =
  | { readonly verb: Exclude<OperatorVerb, 'restartEntity' | 'skipEntity'> }
  | { readonly verb: 'restartEntity' | 'skipEntity'; readonly entity: EntityStatus['entity'] };

/** Whether an order about the whole run makes sense as things stand; the server decides in the end. */
export function isPossible(verb: AskedOrder['verb'], { status, entities }: BootstrapStatus): boolean {
  switch (verb) {
    case 'pause':
      return isMoving(status);
    case 'resume':
      return status === 'PAUSED';
    case 'changeRate':
    case 'cancel':
      return isUnderWay(status);
    case 'restartAll':
      return status !== 'NOT_STARTED';
    case 'retryFailed':
      return entities.some(isUnread);
    case 'restartEntity':
    case 'skipEntity':
      return entities.length > 0;
  }
}

/** Whether an order about one kind of data makes sense as things stand. */
export function isPossibleFor(
  verb: 'restartEntity' | 'skipEntity',
  { state }: EntityStatus,
  status: BootstrapStatus['status'],
): boolean {
  if (verb === 'restartEntity') return !isUnderWay(status) || state !== 'waiting';
  return isUnderWay(status) && (state === 'waiting' || state === 'reading');
}

function isUnread({ state, complete }: EntityStatus): boolean {
  return state === 'failed' || (state === 'read' && complete === false);
}
