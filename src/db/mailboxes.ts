import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/** How long a mailbox counts as awake unless somebody says more. */
const awakeMs = 30_000;

/** Runs `work` in one transaction that sees, of all workspaces, the installations and the deliveries that wait. */
const acrossWorkspaces = <T>(orm: MikroORM, work: (em: EntityManager) => Promise<T>): Promise<T> =>
  orm.em.fork({ session: { variables: { 'app.relay': 'on' } } }).transactional(work);

/**
 * Takes up to `limit` mailboxes that have due deliveries and that nobody is at: they count as awake from now on, longer
 * each time nobody comes. Of several callers one gets a mailbox.
 */
export function claimSleeping(orm: MikroORM, limit = 50): Promise<InstallationRef[]> {
  return acrossWorkspaces(orm, async (em) => {
    await hopThroughIndex(em);
    return query(em, claimSql, [limit, awakeMs]);
  });
}

/** Postgres expects a third of the index behind each hop, and would rather gather and sort all of that. */
export const hopThroughIndex = (em: EntityManager): Promise<unknown> =>
  query(em, `select set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)`);

/** Goes from installation to installation in the index of what waits, to the delivery of each that is due first. */
export const claimSql = `
with recursive waiting as (
  (select workspace_id, addon_id, due_at from webhook_events where state = 'received'
   order by workspace_id, addon_id, due_at limit 1)
  union all
  select next.* from waiting w, lateral (
    select e.workspace_id, e.addon_id, e.due_at from webhook_events e
    where e.state = 'received' and (e.workspace_id, e.addon_id) > (w.workspace_id, w.addon_id)
    order by e.workspace_id, e.addon_id, e.due_at limit 1) next
), sleeping as (
  select w.workspace_id, w.addon_id from waiting w
    join installations i on i.workspace_id = w.workspace_id and i.addon_id = w.addon_id and i.status = 'active'
    left join mailboxes m on m.workspace_id = w.workspace_id and m.addon_id = w.addon_id
  where w.due_at <= clock_timestamp() and (m.awake_until is null or m.awake_until < clock_timestamp())
  limit $1::int
)
insert into mailboxes as m (workspace_id, addon_id, awake_until, wakings)
select workspace_id, addon_id, clock_timestamp() + $2::int * interval '1 ms', 1 from sleeping order by 1, 2
on conflict (workspace_id, addon_id) do update set wakings = m.wakings + 1,
  awake_until = clock_timestamp() + $2::int * power(2, least(m.wakings, 5)) * interval '1 ms'
where m.awake_until is null or m.awake_until < clock_timestamp()
returning workspace_id as "workspaceId", addon_id as "addonId"`;

/** Gives back a mailbox that could not be woken: the next who looks takes it again. */
export async function releaseMailbox(orm: MikroORM, { workspaceId, addonId }: InstallationRef): Promise<void> {
  await query(orm.em.fork(), 'update mailboxes set awake_until = null where workspace_id = $1 and addon_id = $2', [
    workspaceId,
    addonId,
  ]);
}

/** Says that somebody is at a mailbox, and comes back to it within so many milliseconds at the latest. */
export async function keepAwake(orm: MikroORM, { workspaceId, addonId }: InstallationRef, pauseMs = 0): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `insert into mailboxes as m (workspace_id, addon_id, awake_until, wakings)
       select workspace_id, addon_id, clock_timestamp() + $3::float8 * interval '1 ms', 0 from installations
       where workspace_id = $1 and addon_id = $2
       on conflict (workspace_id, addon_id) do update set awake_until = excluded.awake_until, wakings = 0`,
      [workspaceId, addonId, awakeMs + pauseMs],
    ),
  );
}

/**
 * Leaves a mailbox. False when something is due all the same: it may have come while the mailbox counted as awake, so
 * that nobody else was told. Looks only after everybody can see that the mailbox sleeps.
 */
export async function fallAsleep(orm: MikroORM, ref: InstallationRef): Promise<boolean> {
  await releaseMailbox(orm, ref);
  const due = await withWorkspace(orm, ref.workspaceId, (em) =>
    query(
      em,
      `select from webhook_events where workspace_id = $1 and addon_id = $2 and state = 'received'
         and due_at <= clock_timestamp() limit 1`,
      [ref.workspaceId, ref.addonId],
    ),
  );
  return due.length === 0;
}

/** Deliveries of all workspaces that were not processed yet. */
export async function countWaitingDeliveries(orm: MikroORM): Promise<number> {
  const [row] = await acrossWorkspaces(orm, (em) =>
    query<{ waiting: number }>(em, `select count(*)::int as waiting from webhook_events where state = 'received'`),
  );
  return row?.waiting ?? 0;
}
