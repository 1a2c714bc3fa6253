import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { buildEntityStatus, buildStatus } from '../../test/support/bootstrap-status.ts';
import { createTestDatabase } from '../../test/support/postgres.ts';
import type { TestDatabase } from '../../test/support/postgres.ts';
import { presentAddresses, reportResult } from './report.ts';
import type { RunningStack } from './stack.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  await client.query(`insert into workspace_data
    (workspace_id, entity_type, entity_id, payload, hash, version, observed_at, changed_at)
    values ('w1', 'tags', 't1', '{}', 'h1', 1, now(), now())`);
  await client.end();
});
afterAll(() => database.drop());

const installation = { workspaceId: 'w1', addonId: 'a1' };
const tags = buildEntityStatus({ entity: 'tags', state: 'read', complete: true, rows: 1 });
const finished = buildStatus([tags], {
  status: 'COMPLETED',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:10.000Z',
});

/** A stack whose simulator says it holds one tag with this hash, and saw 482 requests. */
function createStack(hash: string): RunningStack {
  const simulator: Partial<RunningStack['simulator']> = {
    truth: async () => new Map([['tags', { count: 1, hash: createHash('sha256').update(hash).digest('hex') }]]),
    ledger: async () => ({ requests: 482, maxInAnySecond: 49, repeated: [{ count: 3 }] }),
  };
  return {
    addresses: { simulator: 'http://simulator', api: 'http://api' },
    simulator: simulator as RunningStack['simulator'],
    adminDatabaseUrl: database.adminUrl,
    temporalUiUrl: 'http://temporal-ui',
    metricsUrls: ['http://api/metrics', 'http://worker/metrics'],
  };
}

test('a mirror with the same contents is complete, and the figures are told', async () => {
  const { complete, lines } = await reportResult(createStack('t1:h1'), installation, finished, 0);
  expect(complete).toBe(true);
  expect(lines).toEqual([
    '',
    'entity  in Clockify  in our mirror  complete?',
    'tags              1              1  yes, same contents',
    '',
    'Run COMPLETED',
    'Efficiency: 100 % (480 requests needed ÷ 48/s ÷ 10.0 s)',
    'Requests 482, of them repeated 2; most in any second 49',
  ]);
});

test('a mirror with other contents is not complete', async () => {
  const { complete, lines } = await reportResult(createStack('t1:changed'), installation, finished, 0);
  expect(complete).toBe(false);
  expect(lines.join('\n')).toContain('NO: other contents');
});

test('a run that never planned anything is not complete', async () => {
  const { complete } = await reportResult(createStack('t1:h1'), installation, { ...finished, entities: [] }, 0);
  expect(complete).toBe(false);
});

test('after a new start only the time of this session counts', async () => {
  const midway = Date.parse('2026-01-01T00:00:05.000Z');
  const { lines } = await reportResult(createStack('t1:h1'), installation, finished, midway);
  expect(lines.join('\n')).toContain('÷ 5.0 s');
});

test('the addresses name the pages and say when one is missing', () => {
  const stack = createStack('');
  expect(presentAddresses(stack, 'http://api/ui?auth_token=t').join('\n')).toMatch(
    /auth_token=t\n.*http:\/\/temporal-ui\n.*http:\/\/api\/metrics http:\/\/worker\/metrics/,
  );
  expect(presentAddresses({ ...stack, temporalUiUrl: undefined }, null).join('\n')).toMatch(
    /no sidebar\n.*TEMPORAL_ADDRESS/,
  );
});
