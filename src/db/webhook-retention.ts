import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { deliveryStates } from '../domain/inbox.ts';
import { forgetExpired } from './early-webhooks.ts';
import { listInstallations } from './installation-list.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

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

async function purgeOldOf(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  { days, batchSize = 5_000, onBatch }: RetentionOptions,
): Promise<void> {
  const deleteBatch = () =>
    withWorkspace(orm, workspaceId, (em) =>
      query(em, batchSql, [workspaceId, addonId, deliveryStates, days, batchSize]),
    );
  for (let deleted = await deleteBatch(); deleted.length > 0; deleted = await deleteBatch()) onBatch?.(deleted.length);
}

/** The index that serves the list begins with the state. */
const batchSql = `
delete from webhook_events where ctid = any(array(
  select old.ctid from unnest($3::text[]) as wanted(state), lateral (
    select e.ctid from webhook_events e
    where e.workspace_id = $1 and e.addon_id = $2 and e.state = wanted.state
      and e.received_at < now() - $4::int * interval '1 day'
    limit $5::int) old
  limit $5::int)) returning 1`;
