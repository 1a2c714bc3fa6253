import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
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
const limited = expect.objectContaining({ code: 'clockify_rate_limited' });

describe('a call', () => {
  it('answers with what came and when it was allowed to leave', async () => {
    const before = await clockify.mirror.rows('select clock_timestamp() as at');
    const { observedAt, ...answer } = await call();
    expect(answer).toEqual({ body: [{ id: 't1' }], lastPage: null, clockSkewMs: expect.any(Number) });
    const [row] = await clockify.mirror.rows('select $1::timestamptz between $2 and clock_timestamp() as between', [
      observedAt,
      before[0]?.['at'],
    ]);
    expect(row).toEqual({ between: true });
    expect(clockify.waits).toEqual([0]);
  });

  it('leaves no earlier than its slot', async () => {
    await call({ requestsPerSecond: 1 });
    const { observedAt } = await call();
    const timerPrecisionMs = 2;
    expect(performance.timeOrigin + (clockify.ledger[1] ?? 0)).toBeGreaterThanOrEqual(
      Date.parse(observedAt) - timerPrecisionMs,
    );
    expect(clockify.waits[1]).toBeGreaterThan(0);
  });

  it('whose slot is further away than it may wait is not made, and says when to come again', async () => {
    await call({ requestsPerSecond: 1 });
    const failure = await call({ maxWaitMs: 10 }).catch((error: unknown) => error);
    expect(failure).toEqual(limited);
    const { details } = failure as { details: { retryAfterMs: number } };
    expect(Object.keys(details)).toEqual(['retryAfterMs']);
    expect(details.retryAfterMs).toBeGreaterThan(10);
    expect([clockify.ledger.length, clockify.refusals]).toEqual([1, 0]);
  });

  it('over the hourly limit is not made', async () => {
    const strict = clockify.open(clockify.mirror.orm, 2);
    await call({}, strict);
    await call({}, strict);
    await expect(call({}, strict)).rejects.toEqual(limited);
    expect(clockify.ledger).toHaveLength(2);
  });

  it('of another workspace does not wait', async () => {
    await call({ requestsPerSecond: 1 });
    await call({ workspaceId: randomUUID(), maxWaitMs: 0 });
    expect(clockify.ledger).toHaveLength(2);
  });

  it('has its answer reported soon, whether it was good or not and whether another call follows or not', async () => {
    await call();
    await waitUntil(async () => (await clockify.budget())?.['answered'] === 1);
    clockify.answerWith((_, response) => void response.writeHead(500).end());
    await expect(call()).rejects.toEqual(expect.objectContaining({ code: 'clockify_unavailable' }));
    clockify.answerWith((_, response) => void response.destroy());
    await expect(call()).rejects.toEqual(expect.objectContaining({ code: 'clockify_unavailable' }));
    await waitUntil(async () => (await clockify.budget())?.['answered'] === 3);
    expect(await clockify.budget()).toMatchObject({ grants: '3', refusals: 0 });
  });
});

describe('closing', () => {
  it('reports at once what was answered, and what is answered after it', async () => {
    const gateway = clockify.open(clockify.mirror.orm);
    await call({}, gateway);
    await gateway.close();
    expect(await clockify.budget()).toMatchObject({ answered: 1 });
    await call({}, gateway);
    await gateway.close();
    expect(await clockify.budget()).toMatchObject({ answered: 2 });
  });
});

describe('a refusal by Clockify', () => {
  it('is thrown on with its status, and told', async () => {
    clockify.refuseOnce({ 'retry-after': '30' });
    const failure = call();
    await expect(failure).rejects.toEqual(limited);
    await expect(failure).rejects.toHaveProperty(
      'details',
      expect.objectContaining({ status: 429, retryAfterMs: 30_000 }),
    );
    expect([clockify.refusals, await clockify.budget()]).toEqual([1, expect.objectContaining({ refusals: 1 })]);
  });

  it('makes everybody wait for as long as it said', async () => {
    clockify.refuseOnce({ 'retry-after': '30' });
    await expect(call()).rejects.toEqual(limited);
    const neighbour = createOrm(clockify.mirror.url);
    const failure = await call({ maxWaitMs: 20_000 }, clockify.open(neighbour)).catch((error: unknown) => error);
    await neighbour.close();
    expect(failure).toEqual(limited);
    expect((failure as { details: { retryAfterMs: number } }).details.retryAfterMs).toBeGreaterThan(20_000);
    expect(clockify.ledger).toHaveLength(1);
  });

  it('is followed by one call a second until an answer is good', async () => {
    clockify.refuseOnce();
    await expect(call()).rejects.toEqual(limited);
    await clockify.endPause();
    clockify.answerWith((_, response) => void response.writeHead(503).end());
    await expect(call({ maxWaitMs: 0 })).rejects.toEqual(expect.objectContaining({ code: 'clockify_unavailable' }));
    await expect(call({ maxWaitMs: 0 })).rejects.toEqual(limited);
    expect(await clockify.budget()).toMatchObject({ refusals: 1 });
    await clockify.endPause();
    clockify.answerWith((_, response) => void response.end('[]'));
    await call({ maxWaitMs: 0 });
    expect(await clockify.budget()).toMatchObject({ refusals: 0 });
  });

  it('of eight calls at once pauses once', async () => {
    const arrived: ServerResponse[] = [];
    clockify.answerWith((_, response) => {
      arrived.push(response);
      if (arrived.length === 8) for (const each of arrived) each.writeHead(429).end();
    });
    const calls = await Promise.allSettled(Array.from({ length: 8 }, () => call()));
    expect(calls.map(({ status }) => status)).toEqual(Array(8).fill('rejected'));
    expect([clockify.refusals, await clockify.budget()]).toEqual([8, expect.objectContaining({ refusals: 1 })]);
  });
});
