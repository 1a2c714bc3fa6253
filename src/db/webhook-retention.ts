import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { deliveryStates } from '../domain/inbox.ts';
import type { DeliveryState } from '../domain/inbox.ts';
import { forgetExpired } from './early-webhooks.ts';
import { listInstallations } from './installation-list.ts';
import { withWorkspace } from './orm.ts';
import { iso, query } from './sql.ts';

export interface RetentionOptions {
  readonly days: number;
  /** Rows that one transaction deletes. */
  readonly batchSize?: number;
  /** Called after each batch with the rows it deleted. */
  readonly onBatch?: (deleted: number) => void;
}

const installationsAtOnce = 200;

/**
 * Deletes the deliveries of all installations that came more than so many days ago, in batches, so that no delivery that
 * comes has to wait; and those that were kept aside for an add-on which did not come. What they changed in the mirror,
 * and its versions, stay.
 */
export async function purgeOldDeliveries(orm: MikroORM, options: RetentionOptions): Promise<void> {
  await orm.em.fork().transactional(forgetExpired);
  let after: InstallationRef | null = null;
  do {
    const installations: InstallationRef[] = await listInstallations(orm, { after, limit: installationsAtOnce });
    for (const ref of installations) await purgeOldOf(orm, ref, options);
    after = installations.at(-1) ?? null;
  } while (after !== null);
}

async function purgeOldOf(orm: MikroORM, ref: InstallationRef, options: RetentionOptions): Promise<void> {
  for (const state of deliveryStates) {
    let since: string | null = '-infinity';
    while (since !== null) since = await deleteBatch(orm, ref, { ...options, state, since });
  }
}

interface Batch extends RetentionOptions {
  readonly state: DeliveryState;
  /** Where the batch before ended: what it deleted is not passed over again. */
  readonly since: string;
}

/** Tells where it ended; null when there was nothing to delete. */
async function deleteBatch(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  { state, since, days, batchSize = 2_000, onBatch }: Batch,
): Promise<string | null> {
  const parameters = [workspaceId, addonId, state, since, days, batchSize];
  const [batch] = await withWorkspace(orm, workspaceId, (em) =>
    query<{ deleted: number; last: string | null }>(em, batchSql, parameters),
  );
  if (batch === undefined || batch.deleted === 0) return null;
  onBatch?.(batch.deleted);
  return batch.last;
}

/** In the order of the index that serves the list. */
const batchSql = `
with gone as (
  delete from webhook_events where ctid = any(array(
    select ctid from webhook_events
    where workspace_id = $1 and addon_id = $2 and state = $3 and received_at >= $4::timestamptz
      and received_at < now() - $5::int * interval '1 day'
    order by received_at limit $6::int)) returning received_at)
select count(*)::int as deleted, ${iso('max(received_at)')} as last from gone`;
