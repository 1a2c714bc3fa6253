import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MikroORM } from '@mikro-orm/postgresql';
import { openTestMirror } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { createClockifyClient } from '../clockify/client.ts';
import type { ClockifyClient } from '../clockify/client.ts';
import { createOrm } from '../db/orm.ts';
import { createGateway } from './clockify-gateway.ts';
import type { Gateway, GatewayCall } from './clockify-gateway.ts';

let mirror: TestMirror;
let client: ClockifyClient;
let gateway: Gateway;
let origin: string;
/** One for each test: answers are also reported a moment after a call. */
let workspaceId: string;
let handler: RequestListener;
/** When each request reached the server, in milliseconds. */
let ledger: number[] = [];
let waits: number[] = [];
let refusals = 0;

const server = createServer((request, response) => {
  ledger.push(performance.now());
  handler(request, response);
});

beforeAll(async () => {
  mirror = await openTestMirror();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await mirror.close();
});
beforeEach(() => {
  workspaceId = randomUUID();
  handler = (_, response) => void response.end('[{"id":"t1"}]');
  ledger = [];
  waits = [];
  refusals = 0;
  client = createClockifyClient({ allowedDomains: [origin] });
  gateway = open(mirror.orm);
});
afterEach(() => client.close());

const open = (orm: MikroORM, hourlyLimit: number | null = null): Gateway =>
  createGateway({
    orm,
    client,
    hourlyLimit,
    onWait: (seconds) => waits.push(seconds),
    onRefusal: () => (refusals += 1),
  });
const call = (changes: Partial<GatewayCall> = {}, through = gateway) =>
  through.call({
    method: 'GET',
    url: new URL('/v1/tags', origin),
    token: 'token',
    workspaceId,
    lane: 'interactive',
    requestsPerSecond: 48,
    maxWaitMs: 10_000,
    ...changes,
  });
const refuseOnce = (headers: Record<string, string> = {}): void => {
  handler = (_, response) => {
    response.writeHead(429, headers).end();
    handler = (__, next) => void next.end('[]');
  };
};
const budget = async () => {
  const [row] = await mirror.rows(
    `select grants, refusals, (select count(at)::int from unnest(answered_at) at where at > '-infinity') as answered
     from rate_limits where workspace_id = $1`,
    [workspaceId],
  );
  return row;
};
const endPause = () =>
  mirror.rows('update rate_limits set next_slot_at = clock_timestamp() where workspace_id = $1', [workspaceId]);
const limited = expect.objectContaining({ code: 'clockify_rate_limited' });

describe('a call', () => {
  it('answers with what came and when it was allowed to leave', async () => {
    const before = await mirror.rows('select clock_timestamp() as at');
    const { observedAt, ...answer } = await call();
    expect(answer).toEqual({ body: [{ id: 't1' }], lastPage: null, clockSkewMs: expect.any(Number) });
    const [row] = await mirror.rows('select $1::timestamptz between $2 and clock_timestamp() as between', [
      observedAt,
      before[0]?.['at'],
    ]);
    expect(row).toEqual({ between: true });
    expect(waits).toEqual([0]);
  });

  it('leaves no earlier than its slot', async () => {
    await call({ requestsPerSecond: 1 });
    const { observedAt } = await call();
    const timerPrecisionMs = 2;
    expect(performance.timeOrigin + (ledger[1] ?? 0)).toBeGreaterThanOrEqual(Date.parse(observedAt) - timerPrecisionMs);
    expect(waits[1]).toBeGreaterThan(0);
  });

  it('whose slot is further away than it may wait is not made, and says when to come again', async () => {
    await call({ requestsPerSecond: 1 });
    const failure = await call({ maxWaitMs: 10 }).catch((error: unknown) => error);
    expect(failure).toEqual(limited);
    const { details } = failure as { details: { retryAfterMs: number } };
    expect(Object.keys(details)).toEqual(['retryAfterMs']);
    expect(details.retryAfterMs).toBeGreaterThan(10);
    expect([ledger.length, refusals]).toEqual([1, 0]);
  });

  it('over the hourly limit is not made', async () => {
    const strict = open(mirror.orm, 2);
    await call({}, strict);
    await call({}, strict);
    await expect(call({}, strict)).rejects.toEqual(limited);
    expect(ledger).toHaveLength(2);
  });

  it('of another workspace does not wait', async () => {
    await call({ requestsPerSecond: 1 });
    await call({ workspaceId: randomUUID(), maxWaitMs: 0 });
    expect(ledger).toHaveLength(2);
  });

  it('that is given up while it waits is not sent', async () => {
    await call({ requestsPerSecond: 1 });
    const controller = new AbortController();
    const waiting = call({ signal: controller.signal }).catch((error: unknown) => error);
    controller.abort(new Error('cancelled'));
    expect(await waiting).toMatchObject({ name: 'AbortError' });
    expect(ledger).toHaveLength(1);
  });

  it('has its answer reported soon, whether it was good or not and whether another call follows or not', async () => {
    await call();
    await waitUntil(async () => (await budget())?.['answered'] === 1);
    handler = (_, response) => void response.writeHead(500).end();
    await expect(call()).rejects.toEqual(expect.objectContaining({ code: 'clockify_unavailable' }));
    handler = (_, response) => void response.destroy();
    await expect(call()).rejects.toEqual(expect.objectContaining({ code: 'clockify_unavailable' }));
    await waitUntil(async () => (await budget())?.['answered'] === 3);
    expect(await budget()).toMatchObject({ grants: '3', refusals: 0 });
  });
});

describe('a refusal by Clockify', () => {
  it('is thrown on with its status, and told', async () => {
    refuseOnce({ 'retry-after': '30' });
    const failure = call();
    await expect(failure).rejects.toEqual(limited);
    await expect(failure).rejects.toHaveProperty('details', { status: 429, retryAfterMs: 30_000 });
    expect([refusals, await budget()]).toEqual([1, expect.objectContaining({ refusals: 1 })]);
  });

  it('makes everybody wait for as long as it said', async () => {
    refuseOnce({ 'retry-after': '30' });
    await expect(call()).rejects.toEqual(limited);
    const neighbour = createOrm(mirror.url);
    const failure = await call({ maxWaitMs: 20_000 }, open(neighbour)).catch((error: unknown) => error);
    await neighbour.close();
    expect(failure).toEqual(limited);
    expect((failure as { details: { retryAfterMs: number } }).details.retryAfterMs).toBeGreaterThan(20_000);
    expect(ledger).toHaveLength(1);
  });

  it('is followed by one call a second until an answer is good', async () => {
    refuseOnce();
    await expect(call()).rejects.toEqual(limited);
    await endPause();
    handler = (_, response) => void response.writeHead(503).end();
    await expect(call({ maxWaitMs: 0 })).rejects.toEqual(expect.objectContaining({ code: 'clockify_unavailable' }));
    await expect(call({ maxWaitMs: 0 })).rejects.toEqual(limited);
    expect(await budget()).toMatchObject({ refusals: 1 });
    await endPause();
    handler = (_, response) => void response.end('[]');
    await call({ maxWaitMs: 0 });
    expect(await budget()).toMatchObject({ refusals: 0 });
  });

  it('of eight calls at once pauses once', async () => {
    const arrived: ServerResponse[] = [];
    handler = (_, response) => {
      arrived.push(response);
      if (arrived.length === 8) for (const each of arrived) each.writeHead(429).end();
    };
    const calls = await Promise.allSettled(Array.from({ length: 8 }, () => call()));
    expect(calls.map(({ status }) => status)).toEqual(Array(8).fill('rejected'));
    expect([refusals, await budget()]).toEqual([8, expect.objectContaining({ refusals: 1 })]);
  });
});

describe('whatever callers ask for, Clockify never sees more than 50 requests in a second', () => {
  /** Requests in the fullest second that begins with a request. */
  const fullestSecond = (): number =>
    Math.max(...ledger.map((start) => ledger.filter((at) => at >= start && at < start + 1_000).length));

  it.each([48, 1_000])('from eight loops in two processes at %i a second', async (requestsPerSecond) => {
    let answers = 0;
    handler = (_, response) => void setTimeout(() => response.end('[]'), (answers++ * 7) % 40);
    const neighbour = createOrm(mirror.url);
    const gateways = [gateway, open(neighbour)];
    await Promise.all(
      Array.from({ length: 8 }, async (_, loop) => {
        for (let calls = 0; calls < 25; calls += 1) await call({ requestsPerSecond }, gateways[loop % 2]);
      }),
    );
    await neighbour.close();
    expect(ledger).toHaveLength(200);
    expect(fullestSecond()).toBeLessThanOrEqual(50);
  });
});
