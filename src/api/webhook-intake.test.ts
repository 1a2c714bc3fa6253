import { describe, expect, it, jest } from '@jest/globals';
import { waitUntil } from '../../test/support/wait-until.ts';
import type { NewDelivery } from '../db/webhook-events.ts';
import { AddonError } from '../domain/errors.ts';
import { createLogger } from '../platform/logger.ts';
import { createWebhookIntake } from './webhook-intake.ts';
import type { WebhookIntakeDeps } from './webhook-intake.ts';

const delivery = (requestId: string, changes: Partial<NewDelivery> = {}): NewDelivery => ({
  workspaceId: 'w1',
  addonId: 'a1',
  path: '/webhooks/clockify/NEW_TAG',
  tokenDigest: 'digest',
  event: 'NEW_TAG',
  raw: Buffer.from('{}'),
  fault: null,
  json: '{}',
  headers: {},
  requestId,
  ...changes,
});

/** A database that answers when the test says so. */
function open(deps: Partial<WebhookIntakeDeps> = {}) {
  const calls: { ids: string[]; answer: PromiseWithResolvers<(number | null)[]> }[] = [];
  const announced: unknown[] = [];
  const depths: number[] = [];
  const intake = createWebhookIntake({
    store(deliveries) {
      const answer = Promise.withResolvers<(number | null)[]>();
      calls.push({ ids: deliveries.map(({ requestId }) => requestId), answer });
      return answer.promise;
    },
    onDeliveries: (refs) => void announced.push(refs),
    onDepth: (depth) => void depths.push(depth),
    log: createLogger('silent'),
    patienceMs: 1_000,
    ...deps,
  });
  const submit = (requestId: string, changes?: Partial<NewDelivery>) => {
    const result = intake.submit(delivery(requestId, changes));
    result.catch(() => {});
    return result;
  };
  return { calls, announced, depths, submit };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
/** Enough turns for a commit to end and the next to begin. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
}
const away = { code: 'storage_unavailable' };

describe('group commit', () => {
  it('gathers while two batches are being committed, and answers nothing before its commit', async () => {
    const { calls, submit, depths } = open();
    const first = submit('1');
    await nextTurn();
    const second = submit('2');
    await nextTurn();
    const rest = ['3', '4', '5'].map((id) => submit(id));
    await settle();
    expect(calls.map(({ ids }) => ids)).toEqual([['1'], ['2']]);
    expect(depths.at(-1)).toBe(3);

    calls[1]?.answer.resolve([1]);
    await expect(second).resolves.toBe(1);
    await settle();
    expect(calls.map(({ ids }) => ids)).toEqual([['1'], ['2'], ['3', '4', '5']]);
    calls[2]?.answer.resolve([1, 2, null]);
    await expect(Promise.all(rest)).resolves.toEqual([1, 2, null]);
    calls[0]?.answer.resolve([1]);
    await expect(first).resolves.toBe(1);
  });

  it('holds no more than 256 deliveries or 8 MiB in one batch, but for a single one', async () => {
    const { calls, submit } = open();
    const raw = Buffer.alloc(5 * 1024 * 1024);
    for (let index = 0; index < 300; index += 1) void submit(`small-${index}`);
    await nextTurn();
    expect(calls.map(({ ids }) => ids.length)).toEqual([256, 44]);
    for (const id of ['large-1', 'large-2']) void submit(id, { raw });
    await settle();
    calls[2]?.answer.resolve([1]);
    await waitUntil(() => calls.length === 4);
    expect(calls.slice(2).map(({ ids }) => ids)).toEqual([['large-1'], ['large-2']]);
  });

  it('keeps no small delivery waiting for large ones, of which one batch is committed at a time', async () => {
    const { calls, submit } = open();
    const raw = Buffer.alloc(64 * 1024 + 1);
    for (const id of ['large-1', 'large-2']) void submit(id, { raw });
    await nextTurn();
    void submit('large-3', { raw });
    const small = submit('small', { raw: raw.subarray(1) });
    await settle();
    expect(calls.map(({ ids }) => ids)).toEqual([['large-1', 'large-2'], ['small']]);
    calls[1]?.answer.resolve([1]);
    await expect(small).resolves.toBe(1);
  });

  it.each([
    ['as long as their commit took', 300, 300],
    ['half a second at most', 30_000, 500],
  ])('rests after large deliveries %s', async (_, commitMs, restMs) => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    try {
      const { calls, submit } = open();
      const raw = Buffer.alloc(64 * 1024 + 1);
      void submit('large-1', { raw });
      await settle();
      void submit('large-2', { raw });
      jest.advanceTimersByTime(commitMs);
      calls[0]?.answer.resolve([1]);
      await settle();
      jest.advanceTimersByTime(restMs - 1);
      await settle();
      expect(calls).toHaveLength(1);
      jest.advanceTimersByTime(1);
      await settle();
      expect(calls.map(({ ids }) => ids)).toEqual([['large-1'], ['large-2']]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('tells after the commit which installations have something to process, each once', async () => {
    const { calls, announced, submit } = open();
    const other = { workspaceId: 'w2', addonId: 'a2' };
    void submit('1');
    void submit('2');
    void submit('3', other);
    void submit('4', { workspaceId: 'w3', fault: 'not_json' });
    void submit('5', { workspaceId: 'w4' });
    await nextTurn();
    expect(announced).toEqual([]);
    calls[0]?.answer.resolve([1, 2, 1, 1, null]);
    await settle();
    expect(announced).toEqual([[{ workspaceId: 'w1', addonId: 'a1' }, other]]);
  });
});

describe('asks for a delivery to come again', () => {
  it('when the database is away, all of the batch, and goes on with the next', async () => {
    const { calls, announced, submit } = open();
    const lost = [submit('1'), submit('2')];
    await nextTurn();
    calls[0]?.answer.reject(new AddonError('storage_unavailable', 'away'));
    for (const each of lost) await expect(each).rejects.toMatchObject(away);
    expect(calls).toHaveLength(1);
    expect(announced).toEqual([]);
    const next = submit('3');
    await nextTurn();
    calls[1]?.answer.resolve([1]);
    await expect(next).resolves.toBe(1);
  });

  it('when it alone is what the database does not take, and stores its neighbours', async () => {
    const stored: string[] = [];
    const poisoned = (all: readonly NewDelivery[]) => all.some(({ requestId }) => requestId === 'poison');
    const { submit } = open({
      store(all) {
        if (poisoned(all)) return Promise.reject(Object.assign(new Error('22P05'), { code: '22P05' }));
        stored.push(...all.map(({ requestId }) => requestId));
        return Promise.resolve(all.map(() => 1));
      },
    });
    const results = await Promise.allSettled(['1', 'poison', '3'].map((id) => submit(id)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: away });
    expect(stored).toEqual(['1', '3']);
  });

  it('when too many wait, in number or in bytes', async () => {
    const { submit } = open();
    for (let index = 0; index < 4_000; index += 1) void submit(`${index}`);
    await expect(submit('one too many')).rejects.toMatchObject(away);

    const large = open();
    const raw = Buffer.alloc(16 * 1024 * 1024);
    for (let index = 0; index < 4; index += 1) void large.submit(`${index}`, { raw });
    await expect(large.submit('a byte too many')).rejects.toMatchObject(away);
  });

  it('when its commit does not come in time', async () => {
    const { submit } = open({ patienceMs: 1 });
    await expect(submit('1')).rejects.toMatchObject(away);
  });
});
