import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildStatus } from '../../../test/support/bootstrap-status.ts';
import { readRefusal, Refusal } from '../refusal.ts';
import { createLiveStatus } from './live-status.ts';
import type { LiveState, LiveStatus } from './live-status.ts';

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let url: string;
let connections: IncomingMessage[];
let serve: Serve[];
let live: LiveStatus;
let delays: number[];

beforeAll(async () => {
  server = createServer((request, response) => {
    connections.push(request);
    (serve.length > 1 ? serve.shift() : serve[0])?.(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());
beforeEach(() => {
  connections = [];
  delays = [];
  live = follow();
});
afterEach(() => {
  live.stop();
  server.closeAllConnections();
});

const follow = (options: { stableAfterMs?: number; longestSilenceMs?: number } = {}): LiveStatus =>
  createLiveStatus({
    delayMs: (failures) => (delays.push(failures), 1),
    ...options,
    async open(lastEventId, signal) {
      const response = await fetch(url, { signal, headers: { 'last-event-id': lastEventId } }).catch(() => {
        throw new Refusal('unreachable');
      });
      if (!response.ok) throw await readRefusal(response);
      return response;
    },
  });

/** Resolves with the first state that fits. */
function reach(fits: (state: LiveState) => boolean): Promise<LiveState> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (fits(live.getState())) resolve(live.getState());
    };
    live.subscribe(look);
    look();
  });
}

const status = (requests: number): string =>
  `event: status\nid: s${requests}\ndata: ${JSON.stringify(buildStatus([], { requests }))}\n\n`;
const end = (code: string): string => `event: end\ndata: ${JSON.stringify({ code })}\n\n`;

const stream =
  (text: string): Serve =>
  (_, response) =>
    void response.writeHead(200).write(text);
const streamAndClose =
  (text: string): Serve =>
  (_, response) =>
    void response.writeHead(200).end(text);
const refuse =
  (code: string): Serve =>
  (_, response) =>
    void response.writeHead(503).end(JSON.stringify({ error: code, requestId: 'r1' }));

const lastIds = (): unknown[] => connections.map(({ headers }) => headers['last-event-id']);

test('each status that comes is the newest', async () => {
  serve = [stream(status(1) + status(2))];
  live.start();
  expect(await reach((state) => state.status?.requests === 2)).toMatchObject({ connection: 'live', refusal: null });
});

test('a stream without news is live as well', async () => {
  serve = [stream(': connected\n\n')];
  live.start();
  expect(await reach(({ connection }) => connection === 'live')).toMatchObject({ status: null });
});

describe('a connection that is lost', () => {
  it.each([
    ['closed', streamAndClose(status(1))],
    ['cut', ((_, response) => response.writeHead(200).write(status(1), () => response.destroy())) as Serve],
  ])('because it was %s is opened again, from the place that was reached', async (_case, first) => {
    serve = [first, stream(status(2))];
    live.start();
    expect(await reach(({ connection }) => connection === 'lost')).toMatchObject({
      status: { requests: 1 },
      refusal: { code: 'unreachable' },
    });
    expect(await reach((state) => state.status?.requests === 2)).toMatchObject({ connection: 'live', refusal: null });
    expect(lastIds()).toEqual(['', 's1']);
  });

  it('because the server fell silent is opened again', async () => {
    live = follow({ longestSilenceMs: 20 });
    serve = [stream(status(1)), stream(status(2))];
    live.start();
    await reach((state) => state.status?.requests === 2);
    expect(lastIds()).toEqual(['', 's1']);
  });

  it.each(['storage_unavailable', 'too_many_requests', 'internal_error'])('with %s says so', async (code) => {
    serve = [streamAndClose(status(1) + end(code)), stream(status(2))];
    live.start();
    expect(await reach(({ connection }) => connection === 'lost')).toMatchObject({ refusal: { code } });
    await reach((state) => state.status?.requests === 2);
  });

  it('because the server stops is one that cannot be reached', async () => {
    serve = [streamAndClose(end('server_stopping')), stream(status(1))];
    live.start();
    expect((await reach(({ connection }) => connection === 'lost')).refusal?.code).toBe('unreachable');
  });

  it('waits longer after each failure, and starts anew after a good connection', async () => {
    live = follow({ stableAfterMs: 500 });
    const late: Serve = (_, response) => {
      response.writeHead(200).write(status(1));
      setTimeout(() => response.end(), 800);
    };
    serve = [refuse('storage_unavailable'), refuse('storage_unavailable'), late, stream(status(2))];
    live.start();
    await reach((state) => state.status?.requests === 2);
    expect(delays).toEqual([1, 2, 1]);
  });
});

describe('a denial', () => {
  it.each(['invalid_token', 'forbidden', 'workspace_mismatch', 'installation_inactive'])(
    'with %s is final, at the start and at the end of a stream',
    async (code) => {
      for (const first of [refuse(code), streamAndClose(status(1) + end(code))]) {
        live = follow();
        serve = [first];
        live.start();
        expect(await reach(({ connection }) => connection === 'refused')).toMatchObject({
          status: null,
          refusal: { code },
        });
      }
      expect([connections.length, delays.length]).toEqual([2, 0]);
    },
  );

  it('is overcome by a new start', async () => {
    serve = [streamAndClose(status(1) + end('invalid_token')), stream(status(1))];
    live.start();
    await reach(({ connection }) => connection === 'refused');
    live.restart();
    expect(await reach((state) => state.status !== null)).toMatchObject({ connection: 'live', refusal: null });
    expect(lastIds()).toEqual(['', '']);
  });
});

test('nothing is read while it is stopped, and a restart then changes nothing', async () => {
  serve = [stream(status(1))];
  live.restart();
  live.start();
  await reach((state) => state.status !== null);
  const [connection] = connections;
  const gone = once(connection?.socket ?? server, 'close');
  live.stop();
  await gone;
  live.restart();
  expect([connections.length, delays.length, live.getState().connection]).toEqual([1, 0, 'live']);
});

test('a second start changes nothing', async () => {
  serve = [stream(status(1))];
  live.start();
  live.start();
  await reach((state) => state.status !== null);
  expect(connections).toHaveLength(1);
});

test('a restart gives the old connection up', async () => {
  serve = [stream(status(1)), stream(status(2))];
  live.start();
  await reach((state) => state.status !== null);
  const gone = once(connections[0]?.socket ?? server, 'close');
  live.restart();
  await Promise.all([gone, reach((state) => state.status?.requests === 2)]);
  expect(delays).toEqual([]);
});
