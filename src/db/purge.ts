import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { isPersonal } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { withLifecycleTurn } from './installations.ts';
import type { InstallationStatus } from './installation.entity.ts';
import { query } from './sql.ts';
import { addTombstone } from './tombstones.ts';

export interface PurgeOptions {
  /** Rows that one transaction deletes. */
  readonly batchSize?: number;
  /** Called after each batch. */
  readonly onBatch?: () => void;
}

/**
 * Destroys an installation: its secrets first, then what its runs left, and with the last installation of a workspace
 * all that is stored of it. What remains of an add-on is a tombstone. Doing it again, or going on after a crash, does
 * no harm. False, and nothing is touched, when the installation has come back into use.
 */
export async function purgeInstallation(
  orm: MikroORM,
  ref: InstallationRef,
  { batchSize = 5_000, onBatch }: PurgeOptions = {},
): Promise<boolean> {
  const isGone = await withLifecycleTurn(orm, ref.workspaceId, (em) => destroySecrets(em, ref));
  if (!isGone) return false;
  for (const table of tables) {
    while ((await deleteBatch(orm, table, ref, batchSize)) > 0) onBatch?.();
  }
  return true;
}

const gone: readonly InstallationStatus[] = ['delete_pending', 'suspect', 'superseded'];

/** The page loops go as well: without its row no page under way can be stored any more. */
async function destroySecrets(em: EntityManager, ref: InstallationRef): Promise<boolean> {
  const owner = [ref.workspaceId, ref.addonId];
  const own = 'workspace_id = $1 and addon_id = $2';
  const found = await query<{ status: InstallationStatus }>(
    em,
    `select status from installations where ${own} for update`,
    owner,
  );
  if (found.some(({ status }) => !gone.includes(status))) return false;
  if (!isPersonal(ref)) await addTombstone(em, ref);
  await query(em, `select set_config('app.purging', $1 || ':' || $2, true)`, owner);
  for (const table of ['installations', 'webhook_registrations', 'operator_actions', 'outbox']) {
    await query(em, `delete from ${table} where ${own}`, owner);
  }
  await query(em, `delete from bootstrap_loops where workspace_id = $1 and run_id in (${ownRuns})`, owner);
  return true;
}

const ownRuns = 'select run_id from bootstrap_jobs where workspace_id = $1 and addon_id = $2';

interface PurgedTable {
  readonly name: string;
  /** Rows of this installation alone; the other tables tell of the workspace. */
  readonly own?: string;
}

/** In the order in which they are emptied: what tells whose a run was goes after the run's rows. */
const tables: readonly PurgedTable[] = [
  { name: 'bootstrap_pages', own: `run_id in (${ownRuns})` },
  { name: 'bootstrap_loops', own: `run_id in (${ownRuns})` },
  { name: 'bootstrap_endpoints', own: `run_id in (${ownRuns})` },
  { name: 'bootstrap_jobs', own: 'addon_id = $2' },
  { name: 'entity_versions' },
  { name: 'workspace_data' },
  { name: 'rate_limits' },
  { name: 'webhook_event_states', own: 'addon_id = $2' },
  { name: 'change_feed_states', own: 'addon_id = $2' },
  { name: 'webhook_events', own: 'addon_id = $2' },
  { name: 'early_webhooks', own: 'addon_id = $2' },
  { name: 'mailboxes', own: 'addon_id = $2' },
  { name: 'refresh_marks', own: 'addon_id = $2' },
  { name: 'refresh_states', own: 'addon_id = $2' },
];

/** Looks with each batch whether another installation of the workspace has come meanwhile: its data then stays. */
function deleteBatch(
  orm: MikroORM,
  { name, own }: PurgedTable,
  ref: InstallationRef,
  batchSize: number,
): Promise<number> {
  return withLifecycleTurn(orm, ref.workspaceId, async (em) => {
    const others = await query(em, 'select from installations where workspace_id = $1 limit 1', [ref.workspaceId]);
    const isLast = others.length === 0;
    if (!isLast && own === undefined) return 0;
    const deleted = await query(
      em,
      `delete from ${name} where ctid = any(array(
         select ctid from ${name} where workspace_id = $1 ${isLast ? '' : `and ${own}`} limit ${batchSize})) returning 1`,
      isLast ? [ref.workspaceId] : [ref.workspaceId, ref.addonId],
    );
    return deleted.length;
  });
}
