import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import { buildStatus } from '../../test/support/bootstrap-status.ts';
import type { BootstrapStatus } from '../domain/bootstrap-status.ts';
import { AddonError } from '../domain/errors.ts';
import type { StreamEndCode } from '../domain/status-events.ts';
import { createLogger } from '../platform/logger.ts';
import { createStatusFeed } from './status-feed.ts';
import type { StatusFeed, StatusSnapshot } from './status-feed.ts';

const owner = { workspaceId: 'w1', addonId: 'a1' };
const neighbour = { workspaceId: 'w2', addonId: 'a2' };

let looks: { readonly workspaceId: string; readonly answer: PromiseWithResolvers<BootstrapStatus> }[];
let onLook: () => void;
let log: string;
let feed: StatusFeed;

beforeEach(() => {
  looks = [];
  onLook = () => {};
  log = '';
  feed = createStatusFeed({
    everyMs: 1,
    mostListeners: 3,
    log: createLogger('info', { write: (line) => void (log += line) }),
    load({ workspaceId }) {
      const answer = Promise.withResolvers<BootstrapStatus>();
      looks.push({ workspaceId, answer });
      onLook();
      return answer.promise;
    },
  });
});
afterEach(async () => {
  onLook = () => looks.at(-1)?.answer.resolve(buildStatus([]));
  onLook();
  await feed.close();
});

/** Resolves when the feed looks again. */
const nextLook = (): Promise<void> => new Promise((resolve) => void (onLook = resolve));

/** Answers the look under way, and resolves when the next one begins. */
async function answerLook(status: BootstrapStatus): Promise<void> {
  const next = nextLook();
  looks.at(-1)?.answer.resolve(status);
  await next;
}

function listen(ref = owner) {
  const told: (StatusSnapshot | StreamEndCode)[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const stop = feed.listen(ref, {
    onStatus: (snapshot) => told.push(snapshot),
    onEnd: (code) => end(void told.push(code)),
  });
  return { told, stop, ended };
}

test('nothing is looked at while nobody listens', async () => {
  expect(looks).toEqual([]);
  const { stop } = listen();
  await answerLook(buildStatus([]));
  stop();
  looks.at(-1)?.answer.resolve(buildStatus([]));
  await feed.close();
  expect(looks).toHaveLength(2);
});

test('all listeners of an installation share one look', async () => {
  const listeners = [listen(), listen(), listen()];
  await answerLook(buildStatus([]));
  for (const { told } of listeners) expect(told).toMatchObject([{ status: { workspaceId: 'w1' } }]);
  expect(looks).toHaveLength(2);
});

test('a listener who comes later gets what is known, at once', async () => {
  listen();
  await answerLook(buildStatus([], { requests: 7 }));
  expect(listen().told).toMatchObject([{ status: { requests: 7 } }]);
});

test('the id says whether something has changed', async () => {
  const { told } = listen();
  for (const requests of [7, 7, 8]) await answerLook(buildStatus([], { requests }));
  const ids = told.map((one) => (typeof one === 'string' ? one : one.id));
  expect(ids).toEqual([ids[0], ids[0], expect.not.stringMatching(String(ids[0]))]);
});

test('installations know nothing of each other', async () => {
  const [here, there] = [listen(), listen(neighbour)];
  expect(looks.map(({ workspaceId }) => workspaceId)).toEqual(['w1', 'w2']);
  looks[0]?.answer.resolve(buildStatus([]));
  await nextLook();
  expect([here.told.length, there.told.length]).toEqual([1, 0]);
  looks[1]?.answer.resolve(buildStatus([]));
});

describe('a look that fails', () => {
  it('ends all listeners with its code', async () => {
    const listeners = [listen(), listen()];
    looks[0]?.answer.reject(new AddonError('installation_inactive', 'No.'));
    await Promise.all(listeners.map(({ ended }) => ended));
    for (const { told } of listeners) expect(told).toEqual(['installation_inactive']);
    expect(log).toBe('');
  });

  it('without a code is an internal error, and logged', async () => {
    const { told, ended } = listen();
    looks[0]?.answer.reject(new Error('bug'));
    await ended;
    expect(told).toEqual(['internal_error']);
    expect(log).toContain('"message":"bug"');
  });

  it('is forgotten by the next listener', async () => {
    const { ended } = listen();
    await answerLook(buildStatus([], { requests: 8 }));
    looks.at(-1)?.answer.reject(new AddonError('storage_unavailable', 'No.'));
    await ended;
    const next = nextLook();
    const { told } = listen();
    await next;
    await answerLook(buildStatus([], { requests: 9 }));
    expect(told).toMatchObject([{ status: { requests: 9 } }]);
  });
});

test('an installation has a limited number of listeners, others are not touched', () => {
  const [first] = [listen(), listen(), listen()];
  expect(() => listen()).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
  expect(() => listen(neighbour)).not.toThrow();
  first?.stop();
  expect(() => listen()).not.toThrow();
  for (const { answer } of looks) answer.resolve(buildStatus([]));
});

test('closing ends everybody, waits for the look under way, and takes no new listeners', async () => {
  const { told } = listen();
  const closed = feed.close();
  expect(told).toEqual(['server_stopping']);
  expect(listen().told).toEqual(['server_stopping']);
  looks[0]?.answer.resolve(buildStatus([]));
  await closed;
  expect([told.length, looks.length]).toEqual([1, 1]);
});
