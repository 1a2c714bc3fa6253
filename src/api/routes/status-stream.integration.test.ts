import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { openEvents } from '../../../test/support/event-reader.ts';
import type { EventReader } from '../../../test/support/event-reader.ts';
import { buildStatus } from '../../../test/support/bootstrap-status.ts';
import type { InstallationRef } from '../../domain/contract.ts';
import { AddonError } from '../../domain/errors.ts';
import { clockSkew } from '../../domain/token-kind.ts';

const mostListeners = 20;

let api: TestApi;
let owner: InstallationRef;
let elsewhere: InstallationRef;
let requests: number;
let looks: number;
let mayLook: Promise<void>;
let isStorageAway: boolean;
let open: EventReader[];

const newRef = (): InstallationRef => ({ workspaceId: newId(), addonId: newId() });
const newId = (): string => randomBytes(12).toString('hex');

async function install(given: TestApi): Promise<void> {
  for (const ref of [owner, elsewhere]) {
    await given.send('/lifecycle/installed', {
      method: 'POST',
      headers: { 'x-addon-lifecycle-token': given.mint.lifecycle(ref) },
      body: { ...ref, authToken: given.mint.installation(ref), apiUrl: 'https://api.clockify.me/api' },
    });
  }
}

const loadStatus = async (workspaceId: string) => {
  looks += 1;
  await mayLook;
  if (isStorageAway) throw new AddonError('storage_unavailable', 'The database does not answer at the moment.');
  return buildStatus([], { workspaceId, requests });
};

beforeAll(async () => {
  api = await startTestApi({ deps: { loadStatus } });
});
afterAll(() => api.stop());
// Each test has installations of its own: the feed of one may still hold what the test before it was told.
beforeEach(async () => {
  owner = newRef();
  elsewhere = newRef();
  requests = 1;
  mayLook = Promise.resolve();
  isStorageAway = false;
  open = [];
  await install(api);
});
afterEach(() => {
  for (const reader of open) reader.leave();
});

async function listen(headers: Record<string, string> = {}, ref = owner, given = api): Promise<EventReader> {
  const token = { 'X-Addon-Token': given.mint.user(ref), ...headers };
  const reader = await openEvents(`${given.url}/bootstrap/${ref.workspaceId}/events`, token);
  open.push(reader);
  return reader;
}

const readRequests = async (reader: EventReader): Promise<unknown> =>
  (JSON.parse((await reader.next())?.data ?? '{}') as { requests?: number }).requests;

/** Resolves after two more looks, so that whatever the first of them had to tell is told. */
async function lookTwice(reader: EventReader): Promise<void> {
  for (const step of [1, 2]) {
    requests += 1000 * step;
    await reader.next();
  }
}

describe('a stream', () => {
  it('is one of events, and kept by nobody', async () => {
    const { response } = await listen();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
  });

  it('begins with the status, as the route of the status answers it', async () => {
    const reader = await listen();
    const event = await reader.next();
    const answer = await api.send(`/bootstrap/${owner.workspaceId}/status`, {
      headers: { 'X-Addon-Token': api.mint.user(owner) },
    });
    expect(event).toEqual({ type: 'status', lastEventId: expect.stringMatching(/^[\w-]{22}$/), data: answer.text });
  });

  it('tells each change once', async () => {
    const reader = await listen();
    const told = [await readRequests(reader)];
    for (const next of [2, 3]) {
      requests = next;
      told.push(await readRequests(reader));
    }
    expect(told).toEqual([1, 2, 3]);
    expect(reader.text().split('event: status')).toHaveLength(4);
  });

  it('is of the own workspace alone', async () => {
    const [here, there] = [await listen(), await listen({}, elsewhere)];
    const workspaces = [here, there].map(async (reader) => JSON.parse((await reader.next())?.data ?? '{}'));
    expect(await Promise.all(workspaces)).toMatchObject([
      { workspaceId: owner.workspaceId },
      { workspaceId: elsewhere.workspaceId },
    ]);
  });
});

describe('a reader who comes back', () => {
  it('is not told again what he knows', async () => {
    const first = await listen();
    const lastEventId = (await first.next())?.lastEventId ?? '';
    first.leave();
    const second = await listen({ 'Last-Event-ID': lastEventId });
    const witness = await listen();
    await witness.next();
    await lookTwice(witness);
    expect(await readRequests(second)).toBe(1001);
  });

  it.each(['', 'unknown', 'x'.repeat(500)])('with the place %j is told the status', async (lastEventId) => {
    expect(await readRequests(await listen({ 'Last-Event-ID': lastEventId }))).toBe(1);
  });
});

test('twenty readers share one look', async () => {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  mayLook = promise;
  looks = 0;
  const readers = await Promise.all(Array.from({ length: mostListeners }, () => listen()));
  expect(looks).toBe(1);
  release();
  expect(new Set(await Promise.all(readers.map(readRequests)))).toEqual(new Set([1]));
});

test('one reader too many is refused, until another has left', async () => {
  const readers = await Promise.all(Array.from({ length: mostListeners }, () => listen()));
  const refused = await listen();
  expect(refused.response.status).toBe(429);
  expect(JSON.parse(await (await listen()).response.text())).toMatchObject({ error: 'too_many_requests' });
  expect((await listen({}, elsewhere)).response.status).toBe(200);

  readers[0]?.leave();
  let last = refused;
  while (last.response.status === 429) last = await listen();
  expect(await readRequests(last)).toBe(1);
});

describe('a stream ends', () => {
  const lastEvent = async (reader: EventReader) => {
    const events = [];
    for (let event = await reader.next(); event !== undefined; event = await reader.next()) events.push(event);
    return events.at(-1);
  };
  const end = (code: string) => expect.objectContaining({ type: 'end', data: JSON.stringify({ code }) });

  it('when a new request with its token would be refused', async () => {
    const exp = Math.floor(Date.now() / 1000) - clockSkew + 2;
    const reader = await listen({ 'X-Addon-Token': api.mint.user(owner, { exp }) });
    expect(reader.response.status).toBe(200);
    expect(await lastEvent(reader)).toEqual(end('invalid_token'));
  });

  it('when the add-on is switched off, and only there', async () => {
    const [here, there] = [await listen(), await listen({}, elsewhere)];
    await Promise.all([here.next(), there.next()]);
    await api.rows(`update installations set status = 'inactive' where workspace_id = '${owner.workspaceId}'`);
    expect(await lastEvent(here)).toEqual(end('installation_inactive'));
    requests = 2;
    expect(await readRequests(there)).toBe(2);
  });

  it('when the add-on is removed', async () => {
    const reader = await listen();
    await reader.next();
    await api.rows(`update installations set status = 'delete_pending'`);
    expect(await lastEvent(reader)).toEqual(end('installation_inactive'));
  });

  it('when the database goes away', async () => {
    const reader = await listen();
    await reader.next();
    isStorageAway = true;
    expect(await lastEvent(reader)).toEqual(end('storage_unavailable'));
  });

  it('when the server stops, which waits for nobody', async () => {
    const other = await startTestApi({ deps: { loadStatus } });
    await install(other);
    const reader = await listen({}, owner, other);
    await reader.next();
    const [event] = await Promise.all([lastEvent(reader), other.stop()]);
    expect(event).toEqual(end('server_stopping'));
  });
});

describe('a stream is refused', () => {
  it.each<[string, number, string, () => string]>([
    ['without a token', 401, 'invalid_token', () => ''],
    ['for a lifecycle token', 401, 'invalid_token', () => api.mint.lifecycle(owner)],
    ['for an installation token', 401, 'invalid_token', () => api.mint.installation(owner)],
    ['for a webhook token', 401, 'invalid_token', () => api.mint.webhook(owner)],
    ['for an expired token', 401, 'invalid_token', () => api.mint.user(owner, { exp: 1_700_000_000 })],
    ['for a member', 403, 'forbidden', () => api.mint.user(owner, { workspaceRole: 'MEMBER' })],
    ['in another workspace', 404, 'not_found', () => api.mint.user(elsewhere)],
    [
      'for an add-on that is not installed',
      403,
      'installation_inactive',
      () => api.mint.user({ ...owner, addonId: 'd'.repeat(24) }),
    ],
  ])('%s with %d %s', async (_case, status, code, token) => {
    const { response } = await listen({ 'X-Addon-Token': token() });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: code });
  });

  it('while the installation is not active', async () => {
    await api.rows(`update installations set status = 'inactive'`);
    expect((await listen()).response.status).toBe(403);
  });
});
