import {
  CancellationScope,
  ParentClosePolicy,
  condition,
  isCancellation,
  setCurrentDetails,
  startChild,
} from '@temporalio/workflow';
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

/** What an operator wants of one kind of rows instead of the reading under way. */
type EntityOrder = { readonly kind: 'skip'; readonly reason: string } | { readonly kind: 'again' };

/** One run over a workspace as its workflow sees it: who is read, who is done, and whether reading may go on. */
export function createRun(ref: RunRef, requestId: string) {
  /** Kinds whose turn has come: their loops count before their child has started. */
  const readings = new Map<EntityType, CancellationScope>();
  const children = new Map<EntityType, Child>();
  const results = new Map<EntityType, EntityResult>();
  const orders = new Map<EntityType, EntityOrder>();
  /** Skipped only because a parent could not be read. */
  const orphans = new Set<EntityType>();
  const stops = { operator: false, switchedOff: false };
  let plan: readonly PlannedEntity[] = [];
  let concurrency = 1;
  let control: Control = { paused: false, version: 0 };
  let unfinished = 0;
  let failure: unknown;

  const isOver = (): boolean => [...results.values()].some((result) => result.endsRun);
  const mayGoOn = (entity: EntityType): boolean => !isOver() && !orders.has(entity);

  const isReady = ({ after }: PlannedEntity): boolean => after.every((entity) => results.has(entity));
  const isWaiting = (planned: PlannedEntity): boolean =>
    isReady(planned) && !readings.has(planned.entity) && !results.has(planned.entity);

  /** In the order of the plan: the first that is ready starts next, once its loops have room or it is alone. */
  function hasTurn(planned: PlannedEntity): boolean {
    const busy = plan.filter(({ entity }) => readings.has(entity)).reduce((sum, { loops }) => sum + loops, 0);
    const hasRoom = busy === 0 || busy + planned.loops <= concurrency;
    return hasRoom && plan.find(isWaiting) === planned;
  }

  function showProgress(): void {
    setCurrentDetails(presentRun({ plan, readings, results, stops }));
  }

  /** Writes the order where page loops read it with each page, then tells the children that wait for it. */
  async function setStops(change: Partial<typeof stops>): Promise<void> {
    Object.assign(stops, change);
    const order = { paused: stops.operator || stops.switchedOff, version: control.version + 1 };
    control = order;
    showProgress();
    await bookkeeping.setControl({ ...ref, ...order });
    await Promise.all([...children.values()].map((child) => tell(child, order)));
  }

  async function runChild({ entity, loops }: PlannedEntity): Promise<EntityResult> {
    const child = await startChild<typeof entityWorkflow>(workflowNames.entity, {
      workflowId: buildEntityWorkflowId(ref, entity),
      args: [{ ...ref, entity, loops, requestId, control }],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      ...describeOrigin({ ...ref, requestId, entity }),
      staticSummary: `Read ${entity}`,
    });
    children.set(entity, child);
    showProgress();
    return child.result();
  }

  async function readEntity(planned: PlannedEntity): Promise<void> {
    const { entity } = planned;
    const scope = new CancellationScope();
    readings.set(entity, scope);
    try {
      results.set(entity, await scope.run(() => runChild(planned)));
    } catch (error) {
      if (!isCancellation(error) || !orders.has(entity)) throw error;
    } finally {
      readings.delete(entity);
      children.delete(entity);
    }
    showProgress();
    if (orders.get(entity)?.kind === 'again') results.delete(entity);
    if (!results.has(entity)) return obeyOrder(planned);
    orders.delete(entity);
  }

  async function skip(entity: EntityType, reason: string): Promise<void> {
    await bookkeeping.giveUpEntity({ ...ref, entity, state: 'skipped', reason });
    results.set(entity, { state: 'skipped', complete: false, rows: 0, reason, endsRun: false });
    showProgress();
  }

  async function obeyOrder(planned: PlannedEntity): Promise<void> {
    const { entity } = planned;
    const order = orders.get(entity);
    orders.delete(entity);
    if (order?.kind === 'skip') return skip(entity, order.reason);
    await bookkeeping.restartEntity({ ...ref, entity });
    return schedule(planned);
  }

  /** Waits for its parents and its turn, then reads; what can no longer be read is skipped with the reason. */
  async function schedule(planned: PlannedEntity): Promise<void> {
    const { entity } = planned;
    await condition(() => !mayGoOn(entity) || isReady(planned));
    if (orders.has(entity)) return obeyOrder(planned);
    const unread = planned.after.find((parent) => parent !== 'workspace' && results.get(parent)?.state !== 'read');
    if (!isOver() && unread !== undefined) {
      orphans.add(entity);
      return skip(entity, `It is read per row of ${unread}, which could not be read.`);
    }
    // Several waiters wake up at once, so each looks again.
    while (mayGoOn(entity) && !hasTurn(planned)) await condition(() => !mayGoOn(entity) || hasTurn(planned));
    if (orders.has(entity)) return obeyOrder(planned);
    return isOver() ? skip(entity, 'The run ended before its turn.') : readEntity(planned);
  }

  function begin(planned: PlannedEntity, work: (planned: PlannedEntity) => Promise<void>): void {
    unfinished += 1;
    void work(planned)
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => {
        unfinished -= 1;
      });
  }

  /** Reads a kind from the start, and what had to be skipped for its sake. */
  function readAgain(planned: PlannedEntity): void {
    const { entity } = planned;
    orphans.delete(entity);
    orders.set(entity, { kind: 'again' });
    const scope = readings.get(entity);
    if (scope !== undefined) scope.cancel();
    else if (results.delete(entity)) begin(planned, obeyOrder);
    plan.filter(({ entity: other, after }) => orphans.has(other) && after.includes(entity)).forEach(readAgain);
  }

  return {
    stops,
    isOver,
    setStops,
    showProgress,
    isPlanned: (entity: EntityType): boolean => plan.some((planned) => planned.entity === entity),
    hasBegun: (entity: EntityType): boolean => readings.has(entity) || results.has(entity),
    hasResult: (entity: EntityType): boolean => results.has(entity),
    /** Kinds that failed or whose copy is not proven; what the plan or the options close is not among them. */
    listUnread: (): EntityType[] =>
      plan
        .map(({ entity }) => entity)
        .filter((entity) => {
          const result = results.get(entity);
          return result?.state === 'failed' || (result?.state === 'read' && result.complete === false);
        }),
    readAgain: (entity: EntityType): void => plan.filter((planned) => planned.entity === entity).forEach(readAgain),
    /** For a kind that has no result yet. */
    skipEntity(entity: EntityType, reason: string): void {
      orders.set(entity, { kind: 'skip', reason });
      readings.get(entity)?.cancel();
    },
    async readAll(opened: { plan: readonly PlannedEntity[]; concurrency: number }): Promise<void> {
      ({ plan, concurrency } = opened);
      showProgress();
      for (const planned of plan) begin(planned, schedule);
      await condition(() => unfinished === 0 || failure !== undefined);
      if (failure !== undefined) throw failure;
    },
    /** Whether no child is left, after the reading was cancelled. */
    isAtRest: (): boolean => unfinished === 0,
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
