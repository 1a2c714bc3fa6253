import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { countEvents, listOperations, probe, refusesWrongSubject, runChecks } from './checks.ts';

const readJson = (name: string): never =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../..', name), 'utf8')) as never;

let server: Server | undefined;
afterEach(() => void server?.close());

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('our manifest declares all 51 events of Clockify', () => {
  expect(countEvents(readJson('manifest.json'))).toBe('51 events');
});

test('a manifest that names an event twice has one too few', () => {
  const { webhooks } = readJson('manifest.json') as { webhooks: { event: string }[] };
  const twice = { webhooks: [...webhooks.slice(1), webhooks[1] as { event: string }] };
  expect(() => countEvents(twice)).toThrow('50 events instead of 51');
});

test('the operations of a tag are listed with method, path and name', () => {
  const lines = listOperations(readJson('openapi.json'), 'Project').split('\n');
  expect(lines[0]).toBe('12 operations');
  expect(lines).toHaveLength(13);
  expect(lines).toContainEqual(
    expect.stringMatching(/^ {2}GET {4}\/v1\/workspaces\/\{workspaceId\}\/projects {2}\w+$/),
  );
});

test('a tag without operations is a fault', () => {
  expect(() => listOperations(readJson('openapi.json'), 'Nothing')).toThrow('no operation has the tag Nothing');
});

test('a probe waits for a system that is still starting', async () => {
  let asked = 0;
  const url = await serve((_request, response) => void response.writeHead((asked += 1) < 3 ? 503 : 200).end('"ready"'));
  expect(await probe({ url, contains: '"ready"', patienceMs: 10_000 })).toBe('200');
  expect(asked).toBe(3);
});

test.each([
  [503, '"ready"', '503 "ready"'],
  [200, 'something else', '200, but without "ready"'],
])('a probe refuses %i with %s', async (status, body, reason) => {
  const url = await serve((_request, response) => void response.writeHead(status).end(body));
  await expect(probe({ url, contains: '"ready"' })).rejects.toThrow(reason);
});

test.each([
  [200, 401, undefined],
  [200, 200, 'a token for another add-on is answered with 200'],
  [200, 403, 'a token for another add-on is answered with 403'],
  [401, 401, 'our own token is answered with 401'],
])('our own token answered with %i and another with %i: %s', async (ours, others, fault) => {
  const url = await serve((request, response) => {
    response.writeHead(request.headers['x-addon-token'] === 'ours' ? ours : others).end();
  });
  const checked = refusesWrongSubject({ url, valid: 'ours', wrongSubject: 'others' });
  if (fault === undefined) expect(await checked).toBe('401, and 200 for our own');
  else await expect(checked).rejects.toThrow(fault);
});

test('a check that fails is named, and the others still run', async () => {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const good = { title: 'good', run: () => Promise.resolve('fine') };
  const bad = { title: 'bad', run: () => Promise.reject(new Error('broken')) };
  expect(await runChecks([bad, good], log)).toBe(false);
  expect(lines).toEqual(['FAIL  bad: broken', 'ok    good: fine']);
  expect(await runChecks([good], log)).toBe(true);
});
