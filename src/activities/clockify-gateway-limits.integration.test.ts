import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestGateway } from '../../test/support/gateway.ts';
import type { TestGateway } from '../../test/support/gateway.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { createOrm } from '../db/orm.ts';

let clockify: TestGateway;
beforeAll(async () => {
  clockify = await openTestGateway();
});
afterAll(() => clockify.close());
beforeEach(() => clockify.reset());

const call: TestGateway['call'] = (...request) => clockify.call(...request);

describe('whatever callers ask for, Clockify never sees more than 50 requests in a second', () => {
  /** Requests in the fullest second that begins with a request. */
  const fullestSecond = (): number => {
    const { ledger } = clockify;
    return Math.max(...ledger.map((start) => ledger.filter((at) => at >= start && at < start + 1_000).length));
  };

  it.each([48, 1_000])('from page loops at %i a second in two processes, and clicks from a third', async (rate) => {
    let answers = 0;
    clockify.answerWith((_, response) => void setTimeout(() => response.end('[]'), (answers++ * 7) % 40));
    const others = [createOrm(clockify.mirror.url), createOrm(clockify.mirror.url)] as const;
    const workers = others.map((orm) => clockify.open(orm));
    const loops = Array.from({ length: 8 }, async (_, loop) => {
      const request = { lane: 'bulk', requestsPerSecond: rate } as const;
      for (let calls = 0; calls < 20; calls += 1) await call(request, workers[loop % 2]);
    });
    const clicks = Array.from({ length: 4 }, async () => {
      for (let calls = 0; calls < 15; calls += 1) await call();
    });
    await Promise.all([...loops, ...clicks]);
    await Promise.all(others.map((orm) => orm.close(true)));
    expect(clockify.ledger).toHaveLength(220);
    expect(fullestSecond()).toBeLessThanOrEqual(50);
  });
});

describe('a place among the fifty', () => {
  const answered = async () => (await clockify.budget())?.['answered'];

  it('is given back by a call that is given up while it waits', async () => {
    await call({ requestsPerSecond: 1 });
    await waitUntil(async () => (await answered()) === 1);
    const controller = new AbortController();
    const waiting = call({ signal: controller.signal }).catch((error: unknown) => error);
    controller.abort(new Error('cancelled'));
    expect(await waiting).toMatchObject({ name: 'AbortError' });
    await waitUntil(async () => (await answered()) === 2);
    expect(clockify.ledger).toHaveLength(1);
  });

  it('is given back, and another taken, by a process that was stopped while it waited', async () => {
    await call({ requestsPerSecond: 1 });
    const waiting = call();
    await waitUntil(async () => (await clockify.budget())?.['grants'] === '2');
    stopProcess(2_500);
    await waiting;
    expect(await clockify.budget()).toMatchObject({ grants: '3' });
    expect(clockify.ledger).toHaveLength(2);
    await waitUntil(async () => (await answered()) === 3);
  });

  it('is waited for when calls that hang hold them all', async () => {
    const hanging: (() => void)[] = [];
    clockify.answerWith((_, response) => void hanging.push(() => response.end('[]')));
    const fast = { requestsPerSecond: 10_000 };
    const calls = Array.from({ length: 50 }, () => call(fast));
    await waitUntil(() => Promise.resolve(hanging.length === 50));
    await expect(call({ ...fast, maxWaitMs: 500 })).rejects.toMatchObject({
      code: 'clockify_rate_limited',
      details: { retryAfterMs: 1_000 },
    });
    const patient = call(fast);
    for (const end of hanging.splice(0)) end();
    await Promise.all(calls);
    await waitUntil(() => Promise.resolve(hanging.length === 1));
    hanging[0]?.();
    await patient;
    expect(clockify.ledger).toHaveLength(51);
  });
});

/** As SIGSTOP and SIGCONT would: nothing of this process runs meanwhile. */
function stopProcess(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
