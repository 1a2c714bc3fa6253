import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addInboxRow } from '../../test/support/inbox-rows.ts';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { loadDueDeliveries } from './deliveries.ts';
import { replayDeliveries } from './inbox-replay.ts';
import type { ReplaySelection } from './inbox-replay.ts';
import { loadOperatorActions } from './operator-actions.ts';

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
});

let orders = 0;
const replay = (selection: ReplaySelection, reason: string | null = null) =>
  replayDeliveries(mirror.orm, owner, selection, { orderId: `order-${(orders += 1)}`, actor: 'u1', reason });
const dueIds = async () => (await loadDueDeliveries(mirror.orm, owner, 100)).map(({ id }) => id);
const logged = () => loadOperatorActions(mirror.orm, owner, 10);
const refused = (code: string) => expect.objectContaining({ code });

describe('a replay by id', () => {
  it('has processed, parked and waiting deliveries processed from the start', async () => {
    const ids = [
      await addInboxRow(mirror, owner, { state: 'parked', attempts: 12, reason: 'clockify_request_wrong' }),
      await addInboxRow(mirror, owner, { state: 'processed' }),
      await addInboxRow(mirror, owner, { state: 'received', attempts: 3 }),
    ];
    await addInboxRow(mirror, owner, { state: 'parked' });
    expect(await replay({ ids })).toBe('3 deliveries are processed again.');
    expect(await dueIds()).toEqual(ids);
    expect((await loadDueDeliveries(mirror.orm, owner, 100)).map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
    expect(await mirror.rows('select reason from webhook_events where reason is not null')).toEqual([]);
  });

  it('is written to the log with who wanted it, and why', async () => {
    const id = await addInboxRow(mirror, owner, { state: 'parked' });
    await replay({ ids: [id, id] }, 'The project is back');
    expect(await logged()).toMatchObject([
      {
        verb: 'replayWebhooks',
        actor: 'u1',
        reason: 'The project is back',
        effect: '1 delivery is processed again.',
      },
    ]);
  });

  it('refuses one that cannot be understood, and with it all others', async () => {
    const parked = await addInboxRow(mirror, owner, { state: 'parked' });
    const broken = await addInboxRow(mirror, owner, { state: 'quarantined' });
    await expect(replay({ ids: [parked, broken] })).rejects.toThrow(refused('conflict'));
    expect([await dueIds(), await logged()]).toEqual([[], []]);
  });

  it('knows none of another installation', async () => {
    const own = await addInboxRow(mirror, owner, { state: 'parked' });
    for (const ref of [stranger, { ...owner, addonId: 'c'.repeat(24) }]) {
      const foreign = await addInboxRow(mirror, ref, { state: 'parked' });
      await expect(replay({ ids: [own, foreign] })).rejects.toThrow(refused('not_found'));
    }
    expect(await mirror.rows(`select 1 from webhook_events where state <> 'parked'`)).toEqual([]);
    expect(await logged()).toEqual([]);
  });
});

describe('a replay of all that failed', () => {
  it('takes what was given up and what waits for its next try, and nothing else', async () => {
    const parked = await addInboxRow(mirror, owner, { state: 'parked' });
    const retried = await addInboxRow(mirror, owner, { state: 'received', attempts: 2 });
    for (const state of ['processed', 'quarantined'] as const) await addInboxRow(mirror, owner, { state });
    await addInboxRow(mirror, stranger, { state: 'parked' });
    expect(await replay('failed')).toBe('2 deliveries are processed again.');
    expect(await dueIds()).toEqual([parked, retried]);
    expect(await mirror.rows(`select 1 from webhook_events where state = 'parked'`)).toHaveLength(1);
  });

  it('says that nothing has failed', async () => {
    await addInboxRow(mirror, owner);
    expect(await replay('failed')).toBe('No delivery has failed.');
  });
});
