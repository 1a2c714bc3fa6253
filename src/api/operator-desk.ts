import type { MikroORM } from '@mikro-orm/postgresql';
import { findLastRun } from '../db/last-run.ts';
import type { LastRun } from '../db/last-run.ts';
import { addOperatorAction } from '../db/operator-actions.ts';
import { withWorkspace } from '../db/orm.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import { bootstrapOptionsSchema } from '../domain/bootstrap-options.ts';
import { AddonError } from '../domain/errors.ts';
import type { EntityType } from '../domain/entities.ts';
import type { LoggedVerb, OperatorOrder, OperatorVerb } from '../domain/operator-orders.ts';
import type { WorkflowOrigin } from '../domain/workflow-origin.ts';
import type { BootstrapRuns } from './bootstrap-runs.ts';
import { fromStorage } from './storage.ts';

type Started = Awaited<ReturnType<BootstrapRuns['start']>>;

export interface OperatorDesk {
  /** Starts a run, or finds the one that is under way. */
  start(origin: WorkflowOrigin, options: BootstrapOptions, by: string): Promise<Started>;
  /**
   * Gives an order and answers with its effect in a sentence. Where none is under way, the orders to read again start a
   * new run. Throws `conflict` when there is nothing to obey.
   */
  give(origin: WorkflowOrigin, verb: OperatorVerb, order: OperatorOrder & { readonly by: string }): Promise<string>;
}

/** What people want of the runs, each order written to the log. */
export function createOperatorDesk({ orm, runs }: { orm: MikroORM; runs: BootstrapRuns }): OperatorDesk {
  function record(origin: WorkflowOrigin, verb: LoggedVerb, line: Line): Promise<void> {
    const { workspaceId, addonId, requestId } = origin;
    const action = { workspaceId, addonId, orderId: requestId, runId: null, verb, ...line };
    return fromStorage(withWorkspace(orm, workspaceId, (em) => addOperatorAction(em, action)));
  }

  async function startAgain(
    origin: WorkflowOrigin,
    verb: OperatorVerb,
    order: OperatorOrder & { readonly by: string },
  ): Promise<string> {
    const options = chooseOptions(verb, order, await fromStorage(findLastRun(orm, origin)));
    const { status } = await runs.start(origin, options);
    if (status === 'running') throw new AddonError('conflict', 'Another run has begun meanwhile.');
    const effect = `A new run reads ${options.only === undefined ? 'everything' : options.only.join(', ')}.`;
    const { by, reason = null } = order;
    await record(origin, verb, { entity: entityOf(order), actor: by, reason, effect });
    return effect;
  }

  return {
    async start(origin, options, by) {
      const started = await runs.start(origin, options);
      if (started.status === 'running') return started;
      await record(origin, 'start', { entity: null, actor: by, reason: null, effect: 'A run has started.' });
      return started;
    },
    give: async (origin, verb, order) =>
      (await runs.order(origin, verb, order)) ?? (await startAgain(origin, verb, order)),
  };
}

interface Line {
  readonly entity: EntityType | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly effect: string;
}

const entityOf = (order: OperatorOrder): EntityType | null => ('entity' in order ? order.entity : null);

/** As the last run was started, for what the order names. */
function chooseOptions(verb: OperatorVerb, order: OperatorOrder, last: LastRun | null): BootstrapOptions {
  const { only: _, ...options } = last?.options ?? bootstrapOptionsSchema.parse({});
  if (verb === 'restartAll') return options;
  const entity = entityOf(order);
  if (verb === 'restartEntity' && entity !== null) return { ...options, only: [entity] };
  if (verb !== 'retryFailed') throw new AddonError('conflict', 'No run is under way.');
  if (last === null || last.unread.length === 0)
    throw new AddonError('conflict', 'Nothing has failed in the last run.');
  return { ...options, only: [...last.unread] };
}
