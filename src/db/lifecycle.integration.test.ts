import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createTestDatabase } from '../../test/support/postgres.ts';
import type { TestDatabase } from '../../test/support/postgres.ts';
import { applyDeleted, applyInstalled, applySettingsUpdated, applyStatusChanged } from './lifecycle.ts';
import type { InstalledCall } from './lifecycle.ts';
import { createOrm } from './orm.ts';

const workspaceId = 'a'.repeat(24);
const addonId = 'b'.repeat(24);
const ref = { workspaceId, addonId };
const newer = { workspaceId, addonId: 'c'.repeat(24) };
const stranger = { workspaceId: 'f'.repeat(24), addonId };

let database: TestDatabase;
let orm: MikroORM;
let admin: TestDatabase['admin'];

beforeAll(async () => {
  database = await createTestDatabase();
  orm = createOrm(database.url);
  ({ admin } = database);
});
afterAll(async () => {
  await orm.close();
  await database.drop();
});
beforeEach(() => admin.query('truncate installations, webhook_registrations, outbox restart identity'));

function callOf(owner: typeof ref, changes: Partial<InstalledCall['installation']> = {}): InstalledCall {
  return {
    installation: {
      ...owner,
      apiUrl: 'https://api.clockify.me/api/v1',
      reportsUrl: 'https://reports.api.clockify.me/v1',
      ownerUserId: 'd'.repeat(24),
      asUser: 'e'.repeat(24),
      addonUserId: null,
      token: 'v1.sealed',
      tokenDigest: 'digest-1',
      ...changes,
    },
    webhooks: [{ path: '/webhooks/clockify/NEW_TAG', event: 'NEW_TAG', tokenDigest: 'hook-1' }],
  };
}
const install = (owner: typeof ref, changes: Partial<InstalledCall['installation']> = {}) =>
  applyInstalled(orm, callOf(owner, changes), 'request-1');

const rows = async (sql: string) => (await admin.query<Record<string, unknown>>(sql)).rows;
const statuses = async () =>
  Object.fromEntries(
    (await rows('select addon_id, status from installations')).map((row) => [row['addon_id'], row['status']]),
  );
const events = async () => (await rows('select event from outbox order by id')).map((row) => row['event']);
/** Everything that is stored, to prove that a call changed nothing. */
const snapshot = async () => [
  await rows('select * from installations order by workspace_id, addon_id'),
  await rows('select * from webhook_registrations order by path'),
  await rows('select * from outbox order by id'),
];

async function changesNothing(call: () => Promise<unknown>): Promise<unknown> {
  const before = await snapshot();
  const result = await call().catch((error: unknown) => error);
  expect(await snapshot()).toEqual(before);
  return result;
}

describe('INSTALLED', () => {
  it('stores the installation, its webhook digests and one message', async () => {
    expect(await install(ref)).toBe('changed');
    expect(await rows('select * from installations')).toMatchObject([
      {
        workspace_id: workspaceId,
        addon_id: addonId,
        status: 'active',
        api_url: 'https://api.clockify.me/api/v1',
        reports_url: 'https://reports.api.clockify.me/v1',
        as_user: 'e'.repeat(24),
        token: 'v1.sealed',
        token_digest: 'digest-1',
        pending_token: null,
        settings: {},
      },
    ]);
    expect(await rows('select path, event, kind, token_digest from webhook_registrations')).toEqual([
      { path: '/webhooks/clockify/NEW_TAG', event: 'NEW_TAG', kind: 'manifest', token_digest: 'hook-1' },
    ]);
    expect(await rows('select workspace_id, addon_id, event, payload from outbox')).toEqual([
      { workspace_id: workspaceId, addon_id: addonId, event: 'installed', payload: { requestId: 'request-1' } },
    ]);
  });

  it('a second identical call changes nothing', async () => {
    await install(ref);
    expect(await changesNothing(() => install(ref))).toBe('unchanged');
  });

  it('fifty identical calls at once leave one row and one message', async () => {
    const effects = await Promise.all(Array.from({ length: 50 }, () => install(ref)));
    expect(effects.filter((effect) => effect === 'changed')).toHaveLength(1);
    expect(await events()).toEqual(['installed']);
  });

  it('without webhooks is stored as well', async () => {
    expect(await applyInstalled(orm, { ...callOf(ref), webhooks: [] }, 'r')).toBe('changed');
  });

  it('another token for a known installation waits, and replaces nothing', async () => {
    await install(ref);
    expect(await install(ref, { token: 'v1.other', tokenDigest: 'digest-2', apiUrl: 'https://x' })).toBe('changed');
    expect(
      await rows('select token, token_digest, pending_token, pending_token_digest, api_url, status from installations'),
    ).toEqual([
      {
        token: 'v1.sealed',
        token_digest: 'digest-1',
        pending_token: 'v1.other',
        pending_token_digest: 'digest-2',
        api_url: 'https://api.clockify.me/api/v1',
        status: 'active',
      },
    ]);
    expect(await events()).toEqual(['installed', 'installed']);
    expect(await changesNothing(() => install(ref, { tokenDigest: 'digest-2' }))).toBe('unchanged');
  });

  it('a known webhook keeps its digest, a new one is added', async () => {
    await install(ref);
    const { installation } = callOf(ref, { tokenDigest: 'digest-2' });
    const webhooks = ['NEW_TAG', 'NEW_TASK'].map((event) => ({
      path: `/webhooks/clockify/${event}`,
      event,
      tokenDigest: 'hook-2',
    }));
    await applyInstalled(orm, { installation, webhooks: [...webhooks, ...webhooks] }, 'r');
    expect(await rows('select event, token_digest from webhook_registrations order by event')).toEqual([
      { event: 'NEW_TAG', token_digest: 'hook-1' },
      { event: 'NEW_TASK', token_digest: 'hook-2' },
    ]);
  });

  it.each(['active', 'inactive'])(
    'waits for proof while another installation of the workspace is %s',
    async (status) => {
      await install(ref);
      await admin.query('update installations set status = $1', [status]);
      await install(newer);
      expect(await statuses()).toEqual({ [addonId]: status, [newer.addonId]: 'pending_probe' });
      expect(await rows('select addon_id from installations where pending_token is not null')).toEqual([
        { addon_id: newer.addonId },
      ]);
      expect(await changesNothing(() => install(newer))).toBe('unchanged');
    },
  );

  it('is active at once when the older installation was removed', async () => {
    await install(ref);
    await applyDeleted(orm, ref, 'r');
    await install(newer);
    expect(await statuses()).toEqual({ [addonId]: 'delete_pending', [newer.addonId]: 'active' });
  });

  it.each(['delete_pending', 'superseded'])('does not bring a %s installation back', async (status) => {
    await install(ref);
    await admin.query('update installations set status = $1', [status]);
    expect(await changesNothing(() => install(ref, { tokenDigest: 'digest-2' }))).toMatchObject({ code: 'conflict' });
  });

  it('two workspaces do not see each other', async () => {
    await install(ref);
    await install(stranger);
    expect(await rows('select workspace_id, status from installations order by 1')).toEqual([
      { workspace_id: workspaceId, status: 'active' },
      { workspace_id: stranger.workspaceId, status: 'active' },
    ]);
  });
});

describe('STATUS_CHANGED', () => {
  const change = (status: 'active' | 'inactive', owner = ref, toldAt = '2026-01-01T00:00:00Z') =>
    applyStatusChanged(orm, { ...owner, toldAt, status }, 'request-2');

  it('switches off and on; a repeat is a no-op', async () => {
    await install(ref);
    expect(await change('inactive')).toBe('changed');
    expect(await changesNothing(() => change('inactive'))).toBe('unchanged');
    expect(await statuses()).toEqual({ [addonId]: 'inactive' });
    expect(await change('active')).toBe('changed');
    expect(await changesNothing(() => change('active'))).toBe('unchanged');
    expect(await rows('select event, payload from outbox order by id offset 1')).toEqual([
      { event: 'status-changed', payload: { requestId: 'request-2', status: 'inactive' } },
      { event: 'status-changed', payload: { requestId: 'request-2', status: 'active' } },
    ]);
  });

  it('has no effect when it came before the one in force and is stored after it', async () => {
    await install(ref);
    const [earlier, later] = ['2026-01-01T00:00:01.001Z', '2026-01-01T00:00:01.002Z'];
    expect(await change('active', ref, later)).toBe('unchanged');
    expect(await changesNothing(() => change('inactive', ref, earlier))).toBe('unchanged');
    expect(await statuses()).toEqual({ [addonId]: 'active' });
    expect(await change('inactive', ref, later)).toBe('changed');
  });

  it.each([newer, stranger])('is refused for the unknown installation %j', async (unknown) => {
    await install(ref);
    expect(await changesNothing(() => change('inactive', unknown))).toMatchObject({ code: 'not_found' });
  });

  it.each(['delete_pending', 'superseded', 'pending_probe'])('is refused for a %s installation', async (status) => {
    await install(ref);
    await admin.query('update installations set status = $1', [status]);
    expect(await changesNothing(() => change('active'))).toMatchObject({ code: 'conflict' });
  });
});

describe('SETTINGS_UPDATED', () => {
  const update = (values: Record<string, string | number | boolean>, owner = ref, toldAt = '2026-01-01T00:00:00Z') =>
    applySettingsUpdated(orm, { ...owner, toldAt, values }, 'request-3');

  it('merges by id; the same values again are a no-op', async () => {
    await install(ref);
    await update({ auto_bootstrap: true, logging_level: 'info' });
    expect(await update({ logging_level: 'debug' })).toBe('changed');
    expect(await rows('select settings from installations')).toEqual([
      { settings: { auto_bootstrap: true, logging_level: 'debug' } },
    ]);
    expect(await changesNothing(() => update({ logging_level: 'debug' }))).toBe('unchanged');
    expect(await changesNothing(() => update({}))).toBe('unchanged');
  });

  it('has no effect when it came before the one in force and is stored after it', async () => {
    await install(ref);
    await update({ logging_level: 'debug' }, ref, '2026-01-01T00:00:02Z');
    const late = () => update({ logging_level: 'info' }, ref, '2026-01-01T00:00:01Z');
    expect(await changesNothing(late)).toBe('unchanged');
    expect(await rows('select settings from installations')).toEqual([{ settings: { logging_level: 'debug' } }]);
  });

  it('is refused for an unknown and for a removed installation', async () => {
    await install(ref);
    expect(await changesNothing(() => update({ a: 1 }, newer))).toMatchObject({ code: 'not_found' });
    await applyDeleted(orm, ref, 'r');
    expect(await changesNothing(() => update({ a: 1 }))).toMatchObject({ code: 'conflict' });
  });
});

describe('DELETED', () => {
  it('puts the installation out of use and keeps every row', async () => {
    await install(ref);
    expect(await applyDeleted(orm, ref, 'request-4')).toBe('changed');
    expect(await rows('select status, token from installations')).toEqual([
      { status: 'delete_pending', token: 'v1.sealed' },
    ]);
    expect(await rows('select count(*)::int from webhook_registrations')).toEqual([{ count: 1 }]);
    expect(await events()).toEqual(['installed', 'deleted']);
  });

  it('a second one is a no-op, one for an unknown installation is refused', async () => {
    await install(ref);
    await applyDeleted(orm, ref, 'r');
    expect(await changesNothing(() => applyDeleted(orm, ref, 'r'))).toBe('unchanged');
    expect(await changesNothing(() => applyDeleted(orm, stranger, 'r'))).toMatchObject({ code: 'not_found' });
  });

  it('a late one of the older installation leaves the newer one alone', async () => {
    await install(ref);
    await admin.query(`update installations set status = 'superseded'`);
    await install(newer);
    expect(await changesNothing(() => applyDeleted(orm, ref, 'r'))).toBe('unchanged');
    expect(await statuses()).toEqual({ [addonId]: 'superseded', [newer.addonId]: 'active' });
  });
});

test('rows and message are written together or not at all', async () => {
  await admin.query('alter table outbox rename to outbox_away');
  try {
    await expect(install(ref)).rejects.toThrow();
    expect(await rows('select * from installations')).toEqual([]);
  } finally {
    await admin.query('alter table outbox_away rename to outbox');
  }
});
