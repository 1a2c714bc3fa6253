import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { install, openTestMirror, owner, startRun, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { activatePending, discardPending, hasRun, saveSettings } from './activation.ts';
import { getInstallation } from './installations.ts';

const newer = { ...owner, addonId: 'c'.repeat(24) };

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
  await install(mirror.orm, stranger);
});

const snapshot = () =>
  mirror.rows(
    `select addon_id, status, token, token_digest, pending_token, pending_token_digest from installations
     where workspace_id = $1 order by addon_id`,
    [owner.workspaceId],
  );
const setPending = (addonId: string, status: string) =>
  mirror.rows(
    `update installations set pending_token = 'new', pending_token_digest = 'new-digest', status = $2
     where workspace_id = $1 and addon_id = $3`,
    [owner.workspaceId, status, addonId],
  );
const proven = { digest: 'new-digest', requestId: 'request-2' };
const taken = { token: 'new', token_digest: 'new-digest', pending_token: null, pending_token_digest: null };
const kept = { token: 'v1.sealed', token_digest: 'digest', pending_token: null, pending_token_digest: null };

describe('a token that Clockify accepted', () => {
  it.each(['active', 'inactive'])('replaces the one of an %s installation, which stays that', async (status) => {
    await setPending(owner.addonId, status);
    expect(await activatePending(mirror.orm, owner, proven)).toEqual([]);
    expect(await snapshot()).toEqual([{ addon_id: owner.addonId, status, ...taken }]);
  });

  it('makes a newer installation the active one, and ends the one before', async () => {
    await install(mirror.orm, newer);
    expect(await snapshot()).toMatchObject([{ status: 'active' }, { status: 'pending_probe' }]);
    await setPending(newer.addonId, 'pending_probe');
    expect(await activatePending(mirror.orm, newer, proven)).toEqual([owner.addonId]);
    expect(await snapshot()).toEqual([
      { addon_id: owner.addonId, status: 'superseded', ...kept },
      { addon_id: newer.addonId, status: 'active', ...taken },
    ]);
  });

  it('is taken over once by two that found it at the same time', async () => {
    await install(mirror.orm, newer);
    await setPending(newer.addonId, 'pending_probe');
    const both = await Promise.all([
      activatePending(mirror.orm, newer, proven),
      activatePending(mirror.orm, newer, proven),
    ]);
    expect(both.flat()).toEqual([owner.addonId]);
  });

  it.each(['delete_pending', 'superseded'])('of an installation that is %s by now changes nothing', async (status) => {
    await install(mirror.orm, newer);
    await setPending(newer.addonId, status);
    const before = await snapshot();
    expect(await activatePending(mirror.orm, newer, proven)).toEqual([]);
    expect(await snapshot()).toEqual(before);
  });

  it('is not mistaken for the one that has taken its place meanwhile', async () => {
    await setPending(owner.addonId, 'active');
    const before = await snapshot();
    const older = { ...proven, digest: 'older-digest' };
    expect(await activatePending(mirror.orm, owner, older)).toEqual([]);
    await discardPending(mirror.orm, owner, older);
    expect(await snapshot()).toEqual(before);
  });

  it.each([
    ['suspect', ['status-changed']],
    ['pending_probe', ['status-changed']],
    ['active', []],
  ])('tells the run of a %s installation that it may go on: %j', async (status, events) => {
    await setPending(owner.addonId, status);
    await mirror.rows('delete from outbox');
    await activatePending(mirror.orm, owner, proven);
    expect((await mirror.rows('select event from outbox')).map(({ event }) => event)).toEqual(events);
  });

  it('that is not there changes nothing', async () => {
    const before = await snapshot();
    expect(await activatePending(mirror.orm, owner, proven)).toEqual([]);
    expect(await snapshot()).toEqual(before);
  });
});

describe('a token that Clockify refused', () => {
  it('is forgotten, and the one in use stays', async () => {
    await setPending(owner.addonId, 'active');
    await discardPending(mirror.orm, owner, proven);
    expect(await snapshot()).toEqual([{ addon_id: owner.addonId, status: 'active', ...kept }]);
  });

  it('ends the installation that it came with, and no other', async () => {
    await install(mirror.orm, newer);
    await setPending(newer.addonId, 'pending_probe');
    await discardPending(mirror.orm, newer, proven);
    expect(await snapshot()).toMatchObject([
      { addon_id: owner.addonId, status: 'active' },
      { addon_id: newer.addonId, status: 'superseded', pending_token: null },
    ]);
  });

  it('that is not there changes nothing', async () => {
    const before = await snapshot();
    await discardPending(mirror.orm, owner, proven);
    expect(await snapshot()).toEqual(before);
  });
});

describe('settings that were read from Clockify', () => {
  it('are kept beside those that a later call brought, which win', async () => {
    await mirror.rows(`update installations set settings = '{"requests_per_second": 10}'`);
    await saveSettings(mirror.orm, owner, { requests_per_second: 20, auto_bootstrap: false });
    expect(await getInstallation(mirror.orm, owner)).toMatchObject({
      settings: { requests_per_second: 10, auto_bootstrap: false },
    });
    expect(await getInstallation(mirror.orm, stranger)).toMatchObject({ settings: { requests_per_second: 10 } });
  });
});

describe('whether a copy was begun', () => {
  it('is told of each installation by itself', async () => {
    await startRun(mirror.orm);
    expect(await hasRun(mirror.orm, owner)).toBe(true);
    expect(await hasRun(mirror.orm, newer)).toBe(false);
    expect(await hasRun(mirror.orm, stranger)).toBe(false);
  });
});

describe('an installation', () => {
  it('is found by workspace and add-on', async () => {
    expect(await getInstallation(mirror.orm, owner)).toMatchObject({ ...owner, status: 'active' });
  });

  it.each([
    ['another add-on', { ...owner, addonId: stranger.addonId }],
    ['another workspace', { ...stranger, addonId: owner.addonId }],
  ])('is not found under %s', async (_, ref) => {
    await expect(getInstallation(mirror.orm, ref)).rejects.toEqual(expect.objectContaining({ code: 'not_found' }));
  });
});
