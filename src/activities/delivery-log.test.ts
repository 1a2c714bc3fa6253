import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { Installation } from '../db/installation.entity.ts';
import { Secret } from '../platform/secret.ts';
import type { GatewayCall } from './clockify-gateway.ts';
import { readFailures } from './delivery-log.ts';
import { createWebhookFamily } from './webhook-family.ts';

const workspaceId = 'a'.repeat(24);
const id = '1'.repeat(24);
const projectId = '2'.repeat(24);
const window = { from: new Date('2026-11-20T10:00:00Z'), to: new Date('2026-11-21T10:00:00Z') };

/** What is read of a log with these pages, and what was asked for. */
async function read(...pages: unknown[][]) {
  const calls: GatewayCall[] = [];
  const gateway = {
    call: (call: GatewayCall) => {
      calls.push(call);
      return Promise.resolve({ body: pages.shift() ?? [], lastPage: null, observedAt: '' });
    },
  };
  const apiUrl = 'https://api.clockify.me/api/v1';
  const installation = { apiUrl, workspaceId, addonId: 'b'.repeat(24) } as Installation;
  const access = { installation, credential: { kind: 'addon', secret: new Secret('token') } } as const;
  const { signal } = new AbortController();
  const family = createWebhookFamily({ gateway, requestsPerSecond: 50 }, access, { signal });
  return { failures: await readFailures(family, 'c'.repeat(24), window, workspaceId), calls };
}

const attempt = (body: unknown, respondedAt: unknown = '2026-11-21T09:00:00Z') => ({
  id: 'd'.repeat(24),
  webhookEventStatusId: 'e'.repeat(24),
  statusCode: 503,
  requestBody: typeof body === 'string' ? body : JSON.stringify(body),
  responseBody: '',
  respondedAt,
});
const full = (body: unknown): unknown[] => Array.from({ length: 50 }, () => attempt(body));

it('asks for what failed in the window, page after page, until one is not full', async () => {
  const { calls } = await read(full({ id }), full({ id }), []);
  expect(calls.map(({ url }) => new URL(url).search)).toEqual([
    '?page=0&size=50',
    '?page=1&size=50',
    '?page=2&size=50',
  ]);
  expect(calls[0]?.body).toEqual({
    from: '2026-11-20T10:00:00.000Z',
    to: '2026-11-21T10:00:00.000Z',
    sortByNewest: true,
    status: 'FAILED',
  });
});

it('tells of each delivery once, with its newest attempt, and of its body the ids alone', async () => {
  const body = { id, projectId, name: 'secret' };
  const { failures } = await read([attempt(body, '2026-11-21T09:05:00Z'), attempt(body), attempt({ id: projectId })]);
  expect(failures).toMatchObject([
    { failedAt: '2026-11-21T09:05:00.000Z', ids: { id, projectId, userId: null } },
    { failedAt: '2026-11-21T09:00:00.000Z', ids: { id: projectId } },
  ]);
  expect(failures?.[0]?.bodyHash).toBe(createHash('sha256').update(JSON.stringify(body)).digest('hex'));
  expect(JSON.stringify(failures)).not.toContain('secret');
});

it.each<[string, unknown]>([
  ['no row at all', null],
  ['a row of unknown form', { request: {} }],
  ['a row without a body', { ...attempt({}), requestBody: null }],
  ['a body that is no JSON', attempt('{"id":')],
  ['a body that is no object', attempt('7')],
  ['a body too deep to read', attempt('['.repeat(100_000))],
  ['a body of another workspace', attempt({ id, workspaceId: 'f'.repeat(24) })],
])('skips %s', async (_, row) => {
  const { failures } = await read([row, attempt({ id, workspaceId })]);
  expect(failures).toMatchObject([{ ids: { id } }]);
});

it('does not know when an attempt failed whose time is no time', async () => {
  const { failures } = await read([attempt({ id }, 'yesterday')]);
  expect(failures).toMatchObject([{ failedAt: null }]);
});

it('gives up a log that goes on for more than sixty pages', async () => {
  const { failures, calls } = await read(...Array.from({ length: 61 }, () => full({ id })));
  expect(failures).toBeNull();
  expect(calls).toHaveLength(60);
});
