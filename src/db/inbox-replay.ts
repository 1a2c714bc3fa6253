import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { DeliveryState } from '../domain/inbox.ts';
import { addOperatorAction } from './operator-actions.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/** Deliveries by id, or those whose processing failed so far. */
export type ReplaySelection = { readonly ids: readonly string[] } | 'failed';

interface ReplayOrder {
  readonly orderId: string;
  readonly actor: string;
  readonly reason: string | null;
}

/** Of those that failed, so many at once: their rows are locked while it lasts. */
const mostAtOnce = 10_000;

/**
 * Has deliveries processed once more, as if they had just come, and writes to the log who wanted it: both or neither.
 * Answers in a sentence. Throws `not_found` for an id that there is not, and `conflict` for a delivery that cannot be
 * understood: then nothing is done.
 */
export function replayDeliveries(
  orm: MikroORM,
  ref: InstallationRef,
  selection: ReplaySelection,
  order: ReplayOrder,
): Promise<string> {
  const { workspaceId, addonId } = ref;
  return withWorkspace(orm, workspaceId, async (em) => {
    const ids = selection === 'failed' ? await findFailed(em, ref) : await findReplayable(em, ref, selection.ids);
    await query(em, replaySql, [workspaceId, addonId, ids]);
    const effect = describeReplay(ids.length, selection === 'failed' && ids.length === mostAtOnce);
    await addOperatorAction(em, {
      workspaceId,
      addonId,
      runId: null,
      verb: 'replayWebhooks',
      entity: null,
      effect,
      ...order,
    });
    return effect;
  });
}

async function findFailed(em: EntityManager, { workspaceId, addonId }: InstallationRef): Promise<string[]> {
  const rows = await query<{ id: string }>(
    em,
    `select id from webhook_events
     where workspace_id = $1 and addon_id = $2 and (state = 'parked' or (state = 'received' and attempts > 0))
     order by id limit ${mostAtOnce} for update`,
    [workspaceId, addonId],
  );
  return rows.map(({ id }) => id);
}

async function findReplayable(
  em: EntityManager,
  { workspaceId, addonId }: InstallationRef,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await query<{ id: string; state: DeliveryState }>(
    em,
    `select id, state from webhook_events where workspace_id = $1 and addon_id = $2 and id = any($3::bigint[])
     order by id for update`,
    [workspaceId, addonId, ids],
  );
  if (rows.length < new Set(ids).size) throw new AddonError('not_found', 'There is no such delivery.');
  if (rows.some(({ state }) => state === 'quarantined'))
    throw new AddonError('conflict', 'A delivery that cannot be understood cannot be processed, now or later.');
  return rows.map(({ id }) => id);
}

const replaySql = `
update webhook_events set state = 'received', attempts = 0, reason = null, due_at = clock_timestamp()
where workspace_id = $1 and addon_id = $2 and id = any($3::bigint[])`;

function describeReplay(count: number, hasMore: boolean): string {
  if (count === 0) return 'No delivery has failed.';
  const done = count === 1 ? '1 delivery is processed again.' : `${count} deliveries are processed again.`;
  return hasMore ? `${done} There are more that failed.` : done;
}
