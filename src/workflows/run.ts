import { ParentClosePolicy, condition, isCancellation, setCurrentDetails, startChild } from '@temporalio/workflow';
import type { ChildWorkflowHandle } from '@temporalio/workflow';
import type { EntityRunRef } from '../activities/bootstrap.ts';
import type { PlannedEntity } from '../domain/bootstrap-plan.ts';
import { buildEntityWorkflowId, workflowNames } from '../domain/contract.ts';
import type { EntityType } from '../domain/entities.ts';
import { describeOrigin } from '../domain/workflow-origin.ts';
import { bookkeeping } from './activity-options.ts';
import type { entityWorkflow, EntityResult } from './entity.ts';
import { controlSignal } from './messages.ts';
import type { Control } from './messages.ts';
import { presentRun } from './run-details.ts';

type Child = ChildWorkflowHandle<typeof entityWorkflow>;
type RunRef = Omit<EntityRunRef, 'entity'>;

/** One run over a workspace as its workflow sees it: who is read, who is done, and whether reading may go on. */
export function createRun(ref: RunRef, requestId: string) {
  /** Kinds whose turn has come: their loops count before their child has started. */
  const started = new Set<EntityType>();
  const children = new Map<EntityType, Child>();
  const results = new Map<EntityType, EntityResult>();
  const stops = { operator: false, switchedOff: false };
  let plan: readonly PlannedEntity[] = [];
  let concurrency = 1;
  let control: Control = { paused: false, version: 0 };

  const isRunning = (entity: EntityType): boolean => started.has(entity) && !results.has(entity);
  const isOver = (): boolean => [...results.values()].some((result) => result.endsRun);

  const isReady = ({ after }: PlannedEntity): boolean => after.every((entity) => results.has(entity));
  const isWaiting = (planned: PlannedEntity): boolean =>
    isReady(planned) && !started.has(planned.entity) && !results.has(planned.entity);

  /** In the order of the plan: the first that is ready starts next, once its loops have room or it is alone. */
  function hasTurn(planned: PlannedEntity): boolean {
    const busy = plan.filter(({ entity }) => isRunning(entity)).reduce((sum, { loops }) => sum + loops, 0);
    const hasRoom = busy === 0 || busy + planned.loops <= concurrency;
    return hasRoom && plan.find(isWaiting) === planned;
  }

  function showProgress(): void {
    setCurrentDetails(presentRun({ plan, children, results, stops }));
  }

  /** Writes the order where page loops read it with each page, then tells the children that wait for it. */
  async function setStops(change: Partial<typeof stops>): Promise<void> {
    Object.assign(stops, change);
    const order = { paused: stops.operator || stops.switchedOff, version: control.version + 1 };
    control = order;
    showProgress();
    await bookkeeping.setControl({ ...ref, ...order });
    await Promise.all([...children].filter(([entity]) => isRunning(entity)).map(([, child]) => tell(child, order)));
  }

  async function readEntity({ entity, loops }: PlannedEntity): Promise<void> {
    started.add(entity);
    const child = await startChild<typeof entityWorkflow>(workflowNames.entity, {
      workflowId: buildEntityWorkflowId(ref, entity),
      args: [{ ...ref, entity, loops, requestId, control }],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      ...describeOrigin({ ...ref, requestId, entity }),
      staticSummary: `Read ${entity}`,
    });
    children.set(entity, child);
    showProgress();
    results.set(entity, await child.result());
    showProgress();
  }

  async function skip(entity: EntityType, reason: string): Promise<void> {
    await bookkeeping.giveUpEntity({ ...ref, entity, state: 'skipped', reason });
    results.set(entity, { state: 'skipped', complete: false, rows: 0, reason, endsRun: false });
    showProgress();
  }

  /** Waits for its parents and its turn, then reads; what can no longer be read is skipped with the reason. */
  async function schedule(planned: PlannedEntity): Promise<void> {
    await condition(() => isOver() || isReady(planned));
    const unread = planned.after.find((entity) => entity !== 'workspace' && results.get(entity)?.state !== 'read');
    if (!isOver() && unread !== undefined) {
      return skip(planned.entity, `It is read per row of ${unread}, which could not be read.`);
    }
    // Several waiters wake up at once, so each looks again.
    while (!isOver() && !hasTurn(planned)) await condition(() => isOver() || hasTurn(planned));
    return isOver() ? skip(planned.entity, 'The run ended before its turn.') : readEntity(planned);
  }

  return {
    stops,
    isOver,
    setStops,
    showProgress,
    async readAll(opened: { plan: readonly PlannedEntity[]; concurrency: number }): Promise<void> {
      ({ plan, concurrency } = opened);
      showProgress();
      await Promise.all(plan.map((planned) => schedule(planned)));
    },
  };
}

/** A child that ended in the meantime needs no order any more. */
async function tell(child: Child, order: Control): Promise<void> {
  try {
    await child.signal(controlSignal, order);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
