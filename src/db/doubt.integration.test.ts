import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { findDoubted, renewDoubt, restoreInstallation, suspectInstallation } from './doubt.ts';
import { applyDeleted } from './lifecycle.ts';

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
  await mirror.rows('delete from outbox');
});

const setStatus = (status: string, addonId = owner.addonId) =>
  mirror.rows('update installations set status = $1 where workspace_id = $2 and addon_id = $3', [
    status,
    owner.workspaceId,
    addonId,
  ]);
const statuses = async () => {
  const found = await mirror.rows('select addon_id, status from installations where workspace_id = $1', [
    owner.workspaceId,
  ]);
  return Object.fromEntries(found.map((row) => [row['addon_id'], row['status']]));
};
const events = async () =>
  (await mirror.rows('select addon_id, event from outbox order by id')).map((row) => [row['addon_id'], row['event']]);

describe('a token that Clockify refuses', () => {
  it('makes its installation a suspect, once, however many find it', async () => {
    const found = await Promise.all(
      Array.from({ length: 8 }, () => suspectInstallation(mirror.orm, owner, 'request-1')),
    );
    expect(found.filter(Boolean)).toHaveLength(1);
    expect(await mirror.rows('select status, doubted_at is not null as dated from installations order by 1')).toEqual([
      { status: 'active', dated: false },
      { status: 'suspect', dated: true },
    ]);
    expect(await mirror.rows('select workspace_id, addon_id, event, payload from outbox')).toEqual([
      {
        workspace_id: owner.workspaceId,
        addon_id: owner.addonId,
        event: 'suspected',
        payload: { requestId: 'request-1' },
      },
    ]);
  });

  it.each(['inactive', 'pending_probe', 'delete_pending', 'superseded'])(
    'says nothing new about an installation that is %s',
    async (status) => {
      await setStatus(status);
      expect(await suspectInstallation(mirror.orm, owner, 'r')).toBe(false);
      expect(await statuses()).toEqual({ [owner.addonId]: status });
      expect(await events()).toEqual([]);
    },
  );
});

describe('how long an installation has been doubted', () => {
  it('counts from the doubt, on the clock of the database', async () => {
    await applyDeleted(mirror.orm, owner, 'r');
    await mirror.rows(`update installations set doubted_at = now() - interval '2 days', updated_at = now()`);
    const doubted = await findDoubted(mirror.orm, owner);
    expect(doubted).toMatchObject({ status: 'delete_pending' });
    expect(doubted?.doubtedForMs).toBeGreaterThanOrEqual(2 * 86_400_000);
  });

  it('counts anew once the token was accepted', async () => {
    await applyDeleted(mirror.orm, owner, 'r');
    await mirror.rows(`update installations set doubted_at = now() - interval '2 days'`);
    await renewDoubt(mirror.orm, owner);
    expect((await findDoubted(mirror.orm, owner))?.doubtedForMs).toBeLessThan(86_400_000);
  });

  it('is not known of an installation that is gone', async () => {
    expect(await findDoubted(mirror.orm, newer)).toBeNull();
  });

  it('a DELETED does not make a suspicion younger', async () => {
    await suspectInstallation(mirror.orm, owner, 'r');
    await mirror.rows(`update installations set doubted_at = now() - interval '2 days' where status = 'suspect'`);
    await applyDeleted(mirror.orm, owner, 'r');
    const doubted = await findDoubted(mirror.orm, owner);
    expect(doubted).toMatchObject({ status: 'delete_pending' });
    expect(doubted?.doubtedForMs).toBeGreaterThanOrEqual(2 * 86_400_000);
  });
});

describe('putting back into use', () => {
  const restore = (from: 'delete_pending' | 'suspect', to: 'active' | 'inactive' = 'active') =>
    restoreInstallation(mirror.orm, owner, { from, to, requestId: 'request-2' });

  it.each(['active', 'inactive'] as const)('restores as Clockify has it: %s', async (to) => {
    await applyDeleted(mirror.orm, owner, 'r');
    expect(await restore('delete_pending', to)).toBe(true);
    expect(
      await mirror.rows('select status, doubted_at, token from installations where workspace_id = $1', [
        owner.workspaceId,
      ]),
    ).toEqual([{ status: to, doubted_at: null, token: 'v1.sealed' }]);
  });

  it('does nothing when a DELETED came while the suspect was asked', async () => {
    await suspectInstallation(mirror.orm, owner, 'r');
    await applyDeleted(mirror.orm, owner, 'r');
    expect(await restore('suspect')).toBe(false);
    expect(await statuses()).toEqual({ [owner.addonId]: 'delete_pending' });
  });

  it('beside another one that is in use asks for proof, as a new one would', async () => {
    await applyDeleted(mirror.orm, owner, 'r');
    await install(mirror.orm, newer);
    await mirror.rows('delete from outbox');
    expect(await restore('delete_pending')).toBe(true);
    expect(await statuses()).toEqual({ [owner.addonId]: 'pending_probe', [newer.addonId]: 'active' });
    expect(
      await mirror.rows('select token, pending_token from installations where addon_id = $1', [owner.addonId]),
    ).toEqual([{ token: 'v1.sealed', pending_token: 'v1.sealed' }]);
    expect(await events()).toEqual([[owner.addonId, 'installed']]);
  });
});
