import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstRun, install, openTestMirror, owner, startRun, storePage, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { findRowsNaming } from '../../test/support/traces.ts';
import { buildPersonalId } from '../domain/contract.ts';
import { applyDeleted, applyStatusChanged } from './lifecycle.ts';
import { endPersonalInstallations, savePersonalInstallation } from './personal-installations.ts';
import { purgeInstallation } from './purge.ts';

const { workspaceId } = owner;
const userId = 'd'.repeat(24);
const ref = { workspaceId, addonId: buildPersonalId(userId) };
const access = {
  workspaceId,
  userId,
  apiUrl: 'https://api.clockify.me/api/v1',
  reportsUrl: 'https://reports.api.clockify.me/v1',
  token: 'v1.sealed',
  tokenDigest: 'digest',
};
const conflict = expect.objectContaining({ code: 'conflict' });

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(() => mirror.reset());

const installations = () => mirror.rows('select * from installations');

describe('a personal key', () => {
  it('makes its workspace an installation in use, owned by its person, and starts nothing', async () => {
    expect(await savePersonalInstallation(mirror.orm, access)).toEqual(ref);
    expect(await installations()).toEqual([
      expect.objectContaining({
        workspace_id: workspaceId,
        addon_id: `personal:${userId}`,
        kind: 'personal',
        status: 'active',
        owner_user_id: userId,
        token: 'v1.sealed',
        reports_url: access.reportsUrl,
      }),
    ]);
    expect(await mirror.rows('select * from outbox')).toEqual([]);
  });

  it('takes the place of an earlier one of the same person', async () => {
    await savePersonalInstallation(mirror.orm, access);
    await savePersonalInstallation(mirror.orm, {
      ...access,
      token: 'v1.newer',
      apiUrl: 'https://euc1.clockify.me/api/v1',
    });
    expect(await installations()).toEqual([
      expect.objectContaining({ token: 'v1.newer', api_url: 'https://euc1.clockify.me/api/v1' }),
    ]);
  });

  it('of another person is refused in the same workspace, and served in another', async () => {
    await savePersonalInstallation(mirror.orm, access);
    const other = { ...access, userId: 'e'.repeat(24) };
    await expect(savePersonalInstallation(mirror.orm, other)).rejects.toEqual(conflict);
    await savePersonalInstallation(mirror.orm, { ...other, workspaceId: stranger.workspaceId });
    expect(await installations()).toHaveLength(2);
  });

  it('is refused where an add-on copies the workspace', async () => {
    await install(mirror.orm);
    await expect(savePersonalInstallation(mirror.orm, access)).rejects.toEqual(conflict);
    expect(await installations()).toEqual([expect.objectContaining({ kind: 'addon', status: 'active' })]);
  });
});

const toldAt = '2026-01-01T00:00:00Z';

describe('a copy made with a personal key', () => {
  beforeEach(async () => void (await savePersonalInstallation(mirror.orm, access)));

  it.each<[string, () => Promise<unknown>]>([
    ['INSTALLED of an add-on', () => install(mirror.orm)],
    ['INSTALLED under its own id', () => install(mirror.orm, ref)],
    ['STATUS_CHANGED', () => applyStatusChanged(mirror.orm, { ...ref, toldAt, status: 'inactive' }, 'request-1')],
    ['DELETED', () => applyDeleted(mirror.orm, ref, 'request-1')],
    ['DELETED of an add-on', () => applyDeleted(mirror.orm, owner, 'request-1')],
  ])('is not touched by %s', async (_, apply) => {
    const before = await installations();
    await expect(apply()).rejects.toEqual(conflict);
    expect(await installations()).toEqual(before);
    expect(await mirror.rows('select * from outbox')).toEqual([]);
  });

  it('goes when its person says so, and leaves not even a tombstone', async () => {
    const run = { ...firstRun, ...ref };
    await startRun(mirror.orm, run);
    await storePage(mirror.orm, { ...run, entity: 'tags', loop: 0 }, [{ id: 'tag-1' }]);

    expect(await purgeInstallation(mirror.orm, ref)).toBe(false);
    expect(await endPersonalInstallations(mirror.orm, workspaceId, 'request-1')).toEqual([ref]);
    expect(await mirror.rows('select event, addon_id from outbox')).toEqual([
      { event: 'superseded', addon_id: ref.addonId },
    ]);
    expect(await purgeInstallation(mirror.orm, ref)).toBe(true);

    expect(await findRowsNaming((sql) => mirror.rows(sql), workspaceId)).toEqual({});
    expect(await mirror.rows('select * from tombstones')).toEqual([]);
    expect(await savePersonalInstallation(mirror.orm, access)).toEqual(ref);
  });

  it('alone goes: an add-on is not ended by the same order', async () => {
    await install(mirror.orm, stranger);
    expect(await endPersonalInstallations(mirror.orm, stranger.workspaceId, 'request-1')).toEqual([]);
  });
});
