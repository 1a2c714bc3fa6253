import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { install, openTestMirror, owner } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { activatePending, discardPending } from './activation.ts';
import { suspectInstallation } from './doubt.ts';
import { applyDeleted, applyInstalled, applyStatusChanged } from './lifecycle.ts';
import { purgeInstallation } from './purge.ts';

const newer = { ...owner, addonId: 'c'.repeat(24) };

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
});

const statuses = async () =>
  Object.fromEntries(
    (await mirror.rows('select addon_id, status from installations')).map((row) => [row['addon_id'], row['status']]),
  );
const lastEvents = async (count: number) =>
  (await mirror.rows('select addon_id, event from outbox order by id'))
    .slice(-count)
    .map((row) => `${String(row['event'])} ${row['addon_id'] === owner.addonId ? 'old' : 'new'}`);
const remove = (ref = owner) => applyDeleted(mirror.orm, ref, 'request-2');
const suspect = () => suspectInstallation(mirror.orm, owner, 'request-2');
const prove = (ref: typeof owner, digest = 'digest') =>
  activatePending(mirror.orm, ref, { digest, requestId: 'request-3' });
const refuse = (ref: typeof owner, digest = 'digest') =>
  discardPending(mirror.orm, ref, { digest, requestId: 'request-3' });
const installAgain = (tokenDigest: string) =>
  applyInstalled(
    mirror.orm,
    {
      installation: {
        ...owner,
        apiUrl: 'https://api.clockify.me/api/v1',
        reportsUrl: null,
        ownerUserId: 'd'.repeat(24),
        asUser: null,
        addonUserId: null,
        token: 'v1.other',
        tokenDigest,
      },
      webhooks: [],
    },
    'request-4',
  );

describe('a purged installation', () => {
  beforeEach(async () => {
    await remove();
    await purgeInstallation(mirror.orm, owner);
  });

  it('is not brought back by its old INSTALLED, which leaves nothing behind', async () => {
    await expect(install(mirror.orm)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/for good/),
    });
    expect(await mirror.rows('select * from installations')).toEqual([]);
    expect(await mirror.rows('select * from outbox')).toEqual([]);
  });

  it('may be deleted once more, which does nothing', async () => {
    expect(await remove()).toBe('unchanged');
    expect(await mirror.rows('select * from outbox')).toEqual([]);
  });

  it('does not keep its workspace from a new one', async () => {
    await install(mirror.orm, newer);
    expect(await statuses()).toEqual({ [newer.addonId]: 'active' });
  });

  it('is forgotten after 400 days', async () => {
    await mirror.rows(`update tombstones set purged_at = now() - interval '401 days'`);
    await install(mirror.orm);
    expect(await statuses()).toEqual({ [owner.addonId]: 'active' });
  });
});

describe('a new installation beside a deleted one', () => {
  beforeEach(async () => {
    await remove();
    await install(mirror.orm, newer);
  });

  it('is used at once, and ends the old one when Clockify accepts it', async () => {
    expect(await statuses()).toEqual({ [owner.addonId]: 'delete_pending', [newer.addonId]: 'active' });
    expect(await prove(newer)).toEqual([owner.addonId]);
    expect(await statuses()).toEqual({ [owner.addonId]: 'superseded', [newer.addonId]: 'active' });
    expect(await lastEvents(2)).toEqual(['installed new', 'superseded old']);
  });

  it('ends when Clockify refuses it: an old INSTALLED was played again', async () => {
    await refuse(newer);
    expect(await statuses()).toEqual({ [owner.addonId]: 'delete_pending', [newer.addonId]: 'superseded' });
    expect(await lastEvents(2)).toEqual(['installed new', 'superseded new']);
  });
});

describe('a new installation before the old one is deleted', () => {
  it('ends the old one once it is proven, and the DELETED that follows finds nothing to do', async () => {
    await install(mirror.orm, newer);
    await prove(newer);
    expect(await remove()).toBe('unchanged');
    expect(await statuses()).toEqual({ [owner.addonId]: 'superseded', [newer.addonId]: 'active' });
    expect(await lastEvents(1)).toEqual(['superseded old']);
  });

  it('is not touched by a DELETED that comes before the proof', async () => {
    await install(mirror.orm, newer);
    expect(await remove()).toBe('changed');
    await prove(newer);
    expect(await statuses()).toEqual({ [owner.addonId]: 'superseded', [newer.addonId]: 'active' });
  });
});

describe('a suspect', () => {
  beforeEach(() => suspect());

  it('becomes a deleted installation by a DELETED', async () => {
    expect(await remove()).toBe('changed');
    expect(await statuses()).toEqual({ [owner.addonId]: 'delete_pending' });
    expect(await lastEvents(2)).toEqual(['suspected old', 'deleted old']);
  });

  it('is none when Clockify says that it switched the add-on off', async () => {
    expect(
      await applyStatusChanged(mirror.orm, { ...owner, toldAt: '2026-01-01T00:00:01Z', status: 'inactive' }, 'r'),
    ).toBe('changed');
    expect(await mirror.rows('select status, doubted_at from installations')).toEqual([
      { status: 'inactive', doubted_at: null },
    ]);
    expect(await lastEvents(1)).toEqual(['status-changed old']);
  });

  it('is asked again, and not believed, when it is said to be on', async () => {
    expect(
      await applyStatusChanged(mirror.orm, { ...owner, toldAt: '2026-01-01T00:00:02Z', status: 'active' }, 'r'),
    ).toBe('changed');
    expect(await statuses()).toEqual({ [owner.addonId]: 'suspect' });
    expect(await lastEvents(2)).toEqual(['suspected old', 'suspected old']);
  });

  it('keeps its place from a new installation until that one is proven', async () => {
    await install(mirror.orm, newer);
    expect(await statuses()).toEqual({ [owner.addonId]: 'suspect', [newer.addonId]: 'pending_probe' });
    expect(await prove(newer)).toEqual([owner.addonId]);
    expect(await statuses()).toEqual({ [owner.addonId]: 'superseded', [newer.addonId]: 'active' });
  });

  it('is back in use with another token that Clockify accepts', async () => {
    expect(await installAgain('digest-2')).toBe('changed');
    expect(await statuses()).toEqual({ [owner.addonId]: 'suspect' });
    await prove(owner, 'digest-2');
    expect(await mirror.rows('select status, doubted_at, token from installations')).toEqual([
      { status: 'active', doubted_at: null, token: 'v1.other' },
    ]);
  });

  it('stays one with another token that Clockify refuses', async () => {
    await installAgain('digest-2');
    await refuse(owner, 'digest-2');
    expect(await mirror.rows('select status, token, pending_token from installations')).toEqual([
      { status: 'suspect', token: 'v1.sealed', pending_token: null },
    ]);
  });

  it('gains nothing from the INSTALLED it came with', async () => {
    expect(await installAgain('digest')).toBe('unchanged');
  });
});
