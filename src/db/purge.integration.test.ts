import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstRun, install, openTestMirror, owner, startRun, stranger, storePage } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { findRowsNaming } from '../../test/support/traces.ts';
import { addWebhookRows } from '../../test/support/webhook-rows.ts';
import { applyDeleted } from './lifecycle.ts';
import { commitPage } from './mirror.ts';
import { addOperatorAction } from './operator-actions.ts';
import { withWorkspace } from './orm.ts';
import { purgeInstallation } from './purge.ts';
import { takeSlot } from './rate-limit.ts';
import { startCursor } from '../domain/paging.ts';

const newer = { ...owner, addonId: 'c'.repeat(24) };
const strangersRun = { ...stranger, runId: 'run-9' };
const loop = { workspaceId: owner.workspaceId, runId: firstRun.runId, entity: 'tags', loop: 0 } as const;

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  for (const run of [firstRun, strangersRun]) await fill(run);
});

/** A row in every table that knows a workspace. */
async function fill(run: typeof firstRun): Promise<void> {
  const { orm } = mirror;
  await install(orm, run);
  await addWebhookRows(orm, run);
  await startRun(orm, run);
  await storePage(orm, { ...loop, ...run }, [{ id: `tag-1` }, { id: `tag-2` }, { id: 'tag-3' }]);
  await storePage(orm, { ...loop, ...run }, [{ id: 'tag-1', hash: 'changed' }]);
  await takeSlot(orm, {
    workspaceId: run.workspaceId,
    lane: 'bulk',
    requestsPerSecond: 48,
    hourlyLimit: null,
    maxWaitMs: 1_000,
    answered: [],
  });
  const { workspaceId, addonId } = run;
  await mirror.rows('insert into mailboxes (workspace_id, addon_id) values ($1, $2)', [workspaceId, addonId]);
  await withWorkspace(orm, workspaceId, (em) =>
    addOperatorAction(em, {
      workspaceId,
      addonId,
      orderId: 'order-1',
      runId: run.runId,
      verb: 'pause',
      entity: null,
      actor: 'u1',
      reason: null,
      effect: 'Paused.',
    }),
  );
}

const tracesOf = (id: string) => findRowsNaming((sql) => mirror.rows(sql), id);
const tenantTables = async () =>
  (
    await mirror.rows(`select table_name from information_schema.columns
      where table_schema = 'public' and column_name = 'workspace_id' order by 1`)
  ).map((row) => String(row['table_name']));
const setStatus = (status: string, addonId = owner.addonId) =>
  mirror.rows('update installations set status = $1 where workspace_id = $2 and addon_id = $3', [
    status,
    owner.workspaceId,
    addonId,
  ]);
const mirrored = async (workspaceId = owner.workspaceId) =>
  (await mirror.rows('select from workspace_data where workspace_id = $1', [workspaceId])).length;

describe('the last installation of a workspace', () => {
  beforeEach(() => applyDeleted(mirror.orm, owner, 'r'));

  it('takes along all that any table holds of the workspace, and nothing of another one', async () => {
    const before = await tracesOf(owner.workspaceId);
    expect(Object.keys(before).sort()).toEqual(await tenantTables());
    const others = await tracesOf(stranger.workspaceId);

    expect(await purgeInstallation(mirror.orm, owner, { batchSize: 2 })).toBe(true);

    for (const id of [owner.workspaceId, owner.addonId, firstRun.runId]) {
      expect(await tracesOf(id)).toEqual({});
    }
    expect(await tracesOf(stranger.workspaceId)).toEqual(others);
  });

  it('leaves a tombstone that names nobody, and a second purge does no harm', async () => {
    await purgeInstallation(mirror.orm, owner);
    const stones = await mirror.rows('select * from tombstones');
    expect(stones).toMatchObject([{ digest: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(await purgeInstallation(mirror.orm, owner)).toBe(true);
    expect(await mirror.rows('select * from tombstones')).toEqual(stones);
  });

  /** The process dies after so many batches of one row. */
  async function breakOffAt(last: number): Promise<void> {
    let batches = 0;
    const onBatch = (): void => {
      batches += 1;
      if (batches === last) throw new Error('killed');
    };
    await expect(purgeInstallation(mirror.orm, owner, { batchSize: 1, onBatch })).rejects.toThrow('killed');
  }

  it('goes on after it was broken off', async () => {
    await breakOffAt(2);
    expect(await tracesOf('v1.sealed')).toEqual({ installations: 1 });
    await purgeInstallation(mirror.orm, owner);
    expect(await tracesOf(owner.workspaceId)).toEqual({});
  });

  it('lets no page under way be stored any more', async () => {
    await purgeInstallation(mirror.orm, owner);
    const late = commitPage(mirror.orm, loop, {
      fence: 1,
      cursor: startCursor(200),
      rows: [{ id: 'late', parent: null, payload: {}, hash: 'late' }],
      requests: 1,
      observedAt: new Date().toISOString(),
      isPage: true,
    });
    await expect(late).rejects.toMatchObject({ code: 'stale_attempt' });
    expect(await tracesOf(owner.workspaceId)).toEqual({});
  });

  it('leaves what it has not yet deleted to an installation that comes in the middle', async () => {
    await breakOffAt(7);
    expect(await mirrored()).toBe(2);
    await install(mirror.orm, newer);
    expect(await purgeInstallation(mirror.orm, owner)).toBe(true);
    expect(await mirrored()).toBe(2);
    expect(await tracesOf(owner.addonId)).toEqual({});
    expect(await tracesOf(newer.addonId)).toMatchObject({ installations: 1 });
  });

  it('tombstones older than 400 days are forgotten with the next purge', async () => {
    await mirror.rows(
      `insert into tombstones values ('old', now() - interval '401 days'), ('young', now() - interval '399 days')`,
    );
    await purgeInstallation(mirror.orm, owner);
    expect(await mirror.rows(`select digest from tombstones where length(digest) < 64`)).toEqual([{ digest: 'young' }]);
  });
});

describe('an installation beside another one', () => {
  it.each(['active', 'inactive', 'pending_probe', 'delete_pending', 'suspect', 'superseded'])(
    'leaves the data of the workspace to the other one, which is %s',
    async (status) => {
      await applyDeleted(mirror.orm, owner, 'r');
      await install(mirror.orm, newer);
      await setStatus(status, newer.addonId);
      const keptOf = { ...newer, runId: 'run-2' };
      await startRun(mirror.orm, keptOf);

      expect(await purgeInstallation(mirror.orm, owner)).toBe(true);

      expect(await tracesOf(owner.addonId)).toEqual({});
      expect(await tracesOf(firstRun.runId)).toEqual({});
      expect(await mirrored()).toBe(3);
      expect(Object.keys(await tracesOf(keptOf.runId)).sort()).toEqual([
        'bootstrap_endpoints',
        'bootstrap_jobs',
        'bootstrap_loops',
      ]);
      expect(Object.keys(await tracesOf(newer.addonId))).toContain('webhook_registrations');
    },
  );

  it('takes the data along when it is the last to go', async () => {
    await applyDeleted(mirror.orm, owner, 'r');
    await install(mirror.orm, newer);
    await purgeInstallation(mirror.orm, owner);
    await applyDeleted(mirror.orm, newer, 'r');
    await purgeInstallation(mirror.orm, newer);
    expect(await tracesOf(owner.workspaceId)).toEqual({});
  });
});

it.each(['active', 'inactive', 'pending_probe'])('an installation that is %s is not touched', async (status) => {
  await setStatus(status);
  const before = await tracesOf(owner.workspaceId);
  expect(await purgeInstallation(mirror.orm, owner)).toBe(false);
  expect(await tracesOf(owner.workspaceId)).toEqual(before);
  expect(await mirror.rows('select * from tombstones')).toEqual([]);
});
