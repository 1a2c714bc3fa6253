import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { install, openTestMirror, owner, startRun, storePage, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { addWebhookRows } from '../../test/support/webhook-rows.ts';
import { addOperatorAction } from './operator-actions.ts';
import { withWorkspace } from './orm.ts';
import { takeSlot } from './rate-limit.ts';
import { query } from './sql.ts';

/** Tables without rows of a tenant's own: what is on its way, and what the schema is. */
const shared = ['mailboxes', 'mikro_orm_migrations', 'outbox', 'receiver', 'tombstones'];
const tenantTables = [
  'bootstrap_endpoints',
  'bootstrap_jobs',
  'bootstrap_loops',
  'bootstrap_pages',
  'change_feed_states',
  'early_webhooks',
  'entity_versions',
  'installations',
  'operator_actions',
  'rate_limits',
  'refresh_marks',
  'refresh_states',
  'webhook_event_states',
  'webhook_events',
  'webhook_registrations',
  'workspace_data',
];

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
  await install(mirror.orm);
  await addWebhookRows(mirror.orm, owner);
  await startRun(mirror.orm);
  const tags = { ...owner, runId: 'run-1', entity: 'tags', loop: 0 } as const;
  await storePage(mirror.orm, tags, [{ id: 'a' }]);
  await storePage(mirror.orm, tags, [{ id: 'a', hash: 'changed' }]);
  await takeSlot(mirror.orm, {
    workspaceId: owner.workspaceId,
    lane: 'bulk',
    requestsPerSecond: 48,
    hourlyLimit: null,
    maxWaitMs: 0,
    answered: [],
  });
  await withWorkspace(mirror.orm, owner.workspaceId, (em) =>
    addOperatorAction(em, {
      ...owner,
      orderId: 'order-1',
      runId: 'run-1',
      verb: 'pause',
      entity: null,
      actor: 'ada',
      reason: null,
      effect: 'Paused.',
    }),
  );
});
afterAll(() => mirror.close());

const countAs = (workspaceId: string, table: string) =>
  withWorkspace(mirror.orm, workspaceId, async (em) => {
    const [row] = await query<{ count: number }>(em, `select count(*)::int as count from ${table}`);
    return row?.count;
  });

describe('the schema', () => {
  it('has row-level security forced, with a policy for reading and writing, on every table but the shared ones', async () => {
    const tables = await mirror.rows(
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
         (select array_agg(p.polcmd::text || p.polpermissive::text || (p.polqual is not null)::text ||
           (p.polwithcheck is not null)::text order by p.polcmd) from pg_policy p where p.polrelid = c.oid) as policies
       from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'm', 'v')
       order by c.relname`,
    );
    const isolated = { forced: true, policies: ['*truetruetrue'] };
    expect(tables).toEqual(
      [...shared, ...tenantTables].sort().map((name) => ({
        name,
        ...(shared.includes(name) ? { forced: false, policies: null } : isolated),
        // Operators list the installations of all workspaces, and the relay finds those with deliveries that wait.
        ...(name === 'installations' && { policies: ['*truetruetrue', 'rtruetruefalse', 'rtruetruefalse'] }),
        ...(name === 'webhook_events' && { policies: ['*truetruetrue', 'rtruetruefalse'] }),
        // What waits in vain is thrown away for all workspaces.
        ...(name === 'early_webhooks' && { policies: ['*truetruetrue', '*truetruetrue'] }),
      })),
    );
  });

  it('leads every unique key of a tenant with the workspace, so that no key of another one can collide', async () => {
    const keys = await mirror.rows(
      `select i.indexrelid::regclass::text as name, a.attname as first
       from pg_index i join pg_class c on c.oid = i.indrelid
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       where i.indisunique and c.relname = any($1)`,
      [tenantTables],
    );
    expect(keys.length).toBeGreaterThanOrEqual(tenantTables.length);
    expect(keys.filter(({ first }) => first !== 'workspace_id')).toEqual([]);
  });

  it('is not run by a role that the policies would not bind', async () => {
    const [role] = await query(
      mirror.orm.em.fork(),
      'select rolsuper, rolbypassrls from pg_roles where rolname = current_user',
    );
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false });
  });
});

describe.each(tenantTables)('%s', (table) => {
  it('shows its workspace its rows', async () => {
    expect(await countAs(owner.workspaceId, table)).toBeGreaterThan(0);
  });

  it.each([
    ['another workspace', stranger.workspaceId],
    ['an empty workspace', ''],
    ['a pattern', '%'],
    ['an attempt to break out', `' or true --`],
  ])('shows nothing to %s', async (_, workspaceId) => {
    expect(await countAs(workspaceId, table)).toBe(0);
  });

  it('shows nothing outside a transaction of a workspace, also on a connection that served one', async () => {
    const rows = await Promise.all(
      Array.from({ length: 4 }, async () => {
        await countAs(owner.workspaceId, table);
        return query(mirror.orm.em.fork(), `select * from ${table}`);
      }),
    );
    expect(rows.flat()).toEqual([]);
  });

  it('lets nobody change or delete rows of another workspace', async () => {
    const before = await mirror.rows(`select * from ${table}`);
    await withWorkspace(mirror.orm, stranger.workspaceId, async (em) => {
      expect(await query(em, `update ${table} set workspace_id = workspace_id returning 1`)).toEqual([]);
      expect(await query(em, `delete from ${table} returning 1`)).toEqual([]);
    });
    expect(await mirror.rows(`select * from ${table}`)).toEqual(before);
  });

  it('refuses a row for another workspace', async () => {
    const copy = withWorkspace(mirror.orm, stranger.workspaceId, (em) =>
      query(em, `insert into ${table} select (jsonb_populate_record(null::${table}, $1)).*`, [
        JSON.stringify({ workspace_id: owner.workspaceId }),
      ]),
    );
    await expect(copy).rejects.toThrow(`new row violates row-level security policy for table "${table}"`);
  });

  it('refuses to move a row to another workspace', async () => {
    const move = withWorkspace(mirror.orm, owner.workspaceId, (em) =>
      query(em, `update ${table} set workspace_id = $1`, [stranger.workspaceId]),
    );
    await expect(move).rejects.toThrow(/row-level security policy|append-only/);
  });
});
