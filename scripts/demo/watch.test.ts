import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { BootstrapStatus } from '../../src/domain/bootstrap-status.ts';
import { buildEntityStatus, buildStatus } from '../../test/support/bootstrap-status.ts';
import { watchBootstrap } from './watch.ts';

let server: Server;
afterEach(() => void server.close());

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const status =
  (given: Partial<BootstrapStatus>): Answer =>
  (_request, response) =>
    response.end(JSON.stringify(buildStatus([buildEntityStatus({})], given)));
const refuse =
  (code: number): Answer =>
  (_request, response) =>
    response.writeHead(code).end('{}');

/** Answers one after the other, the last one for ever; returns what was printed and which tokens came. */
async function watch(signal: AbortSignal, ...answers: Answer[]) {
  const tokens: unknown[] = [];
  const printed: string[] = [];
  let opened = 0;
  server = createServer((request, response) => {
    tokens.push(request.headers['x-addon-token']);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const last = await watchBootstrap({
    statusUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bootstrap/w1/status`,
    openToken: async () => `token-${(opened += 1)}`,
    createPrinter: () => ({ print: (given) => void printed.push(given.status) }),
    signal,
    intervalMs: 1,
  });
  return { last, tokens, printed };
}

const never = new AbortController().signal;

test.each(['COMPLETED', 'COMPLETED_WITH_WARNINGS', 'COMPLETED_WITH_ERRORS', 'FAILED', 'CANCELLED'] as const)(
  'a run is followed from its first status to %s',
  async (end) => {
    const { last, printed } = await watch(
      never,
      status({ status: 'NOT_STARTED', runId: null }),
      status({ status: 'RUNNING' }),
      status({ status: 'PAUSED' }),
      status({ status: end }),
    );
    expect(printed).toEqual(['NOT_STARTED', 'RUNNING', 'PAUSED', end]);
    expect(last.status).toBe(end);
  },
);

test('an expired token is replaced', async () => {
  const { tokens } = await watch(never, refuse(401), status({ status: 'COMPLETED' }));
  expect(tokens).toEqual(['token-1', 'token-2']);
});

test('an API that is away for a moment is asked again with the same token', async () => {
  const cut: Answer = (request) => request.socket.destroy();
  const { tokens } = await watch(never, refuse(503), cut, status({ status: 'COMPLETED' }));
  expect(tokens).toEqual(['token-1', 'token-1', 'token-1']);
});

test('a watching that is called off ends before the next line', async () => {
  const called = new AbortController();
  const last: Answer = (request, response) => {
    called.abort();
    status({ status: 'RUNNING' })(request, response);
  };
  await expect(watch(called.signal, last)).rejects.toThrow('aborted');
});
