import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Fault } from '../../simulator/faults/types.ts';
import type { EntityStatus } from '../../src/domain/bootstrap-status.ts';
import type { EntityType } from '../../src/domain/entities.ts';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { compareWithTruth, runBootstrap, waitForDiagnosis } from '../support/run.ts';

let addon: Addon;
const workspaceId = 'c00000000000000000000001';

beforeAll(async () => {
  addon = await startAddon({
    workers: 1,
    env: { BOOTSTRAP_PAGE_SIZE: '40', AUTO_BOOTSTRAP_ON_INSTALL: 'false' },
  });
  const { simulator, baseUrl } = addon;
  await simulator.install(`${baseUrl}/manifest`, { profile: 'S', workspaceId, plan: 'ENTERPRISE' });
  await waitForDiagnosis(addon, workspaceId);
}, 120_000);

afterAll(() => addon.stop(), 60_000);

beforeEach(() => {
  addon.simulator.clearFaults(workspaceId);
});

async function readUnder(entity: EntityType, ...faults: Fault[]): Promise<{ read: EntityStatus; isEqual: boolean }> {
  for (const fault of faults) addon.simulator.addFault(workspaceId, fault);
  const status = await runBootstrap(addon, workspaceId, { only: [entity] });
  const read = status.entities.find((candidate) => candidate.entity === entity);
  if (read === undefined) throw new Error(`${entity} was not read`);
  const { mirror, truth } = await compareWithTruth(addon, workspaceId, status);
  return { read, isEqual: JSON.stringify(mirror[entity]) === JSON.stringify(truth[entity]) };
}

/** As Clockify answers while it has switched the add-on off; that it has, is said separately. */
const switchedOff = (skip: number): Fault[] => [
  { kind: 'scope-missing', operationId, skip, times: 2 },
  { kind: 'scope-missing', operationId: 'getWorkspaceOfUser', times: 2 },
];

async function countDeleted(): Promise<number> {
  const client = new pg.Client({ connectionString: addon.adminUrl });
  await client.connect();
  const { rowCount } = await client.query('select from workspace_data where deleted_at is not null');
  await client.end();
  return rowCount ?? Number.NaN;
}

const operationId = 'getProjects';

describe('a fault that passes costs time and nothing else', () => {
  const passing: [string, Fault][] = [
    ['a page size capped in the middle', { kind: 'page-size-cap', operationId, steps: [{ after: 2, size: 10 }] }],
    [
      'a page size capped twice',
      {
        kind: 'page-size-cap',
        operationId,
        steps: [
          { after: 2, size: 20 },
          { after: 4, size: 10 },
        ],
      },
    ],
    ['a page size refused', { kind: 'page-size-cap', operationId, refuse: true, steps: [{ after: 2, size: 10 }] }],
    ['a page that comes twice', { kind: 'page-repeated', operationId, page: 3, times: 1 }],
    ['an empty page in the middle', { kind: 'page-empty', operationId, page: 3, times: 1 }],
    ['JSON cut off', { kind: 'truncated-json', operationId, skip: 2, times: 2 }],
    ['a wrong content length', { kind: 'wrong-length', operationId, skip: 2, times: 1 }],
    ['an HTML page with 200', { kind: 'html', status: 200, operationId, skip: 1, times: 2 }],
    ['an HTML page with 502', { kind: 'html', status: 502, operationId, skip: 1, times: 2 }],
    ['the wrong envelope', { kind: 'wrong-envelope', operationId, skip: 1, times: 1 }],
    ['a storm of 429', { kind: 'rate-limit', operationId, skip: 2, times: 3 }],
    ['429 with Retry-After', { kind: 'rate-limit', operationId, skip: 2, times: 1, retryAfterSeconds: 1 }],
    ['a burst of 500', { kind: 'status', status: 500, operationId, skip: 2, times: 3 }],
    ['a burst of 503', { kind: 'status', status: 503, operationId, skip: 2, times: 3 }],
    ['a connection reset before the answer', { kind: 'reset', at: 'headers', operationId, skip: 2, times: 2 }],
    ['a connection reset within the answer', { kind: 'reset', at: 'body', operationId, skip: 2, times: 2 }],
    ['silence before the answer', { kind: 'hang', at: 'headers', operationId, skip: 2, times: 1 }],
    ['silence within the answer', { kind: 'hang', at: 'body', operationId, skip: 2, times: 1 }],
  ];

  it.each(passing)(
    '%s',
    async (_name, fault) => {
      const { read, isEqual } = await readUnder('projects', fault);
      expect(read).toMatchObject({ state: 'read', complete: true, reason: null });
      expect(isEqual).toBe(true);
    },
    90_000,
  );
});

describe('an add-on that is switched off, and nobody has said so yet', () => {
  it.each([
    ['before the first page', 0],
    ['in the middle of a list', 2],
  ])(
    'loses no row: %s',
    async (_name, skip) => {
      const { read, isEqual } = await readUnder('projects', ...switchedOff(skip));
      expect(read).toMatchObject({ state: 'read', complete: true, reason: null });
      expect(isEqual).toBe(true);
    },
    90_000,
  );
});

describe('a contradiction takes the tick away and is named', () => {
  it.each<[string, EntityType, Fault, RegExp]>([
    [
      'Last-Page that says true too early',
      'projects',
      { kind: 'last-page-lies', operationId, claim: true },
      /Last-Page said true/,
    ],
    ['Last-Page that never says true', 'projects', { kind: 'last-page-lies', operationId, claim: false }, /never said/],
    ['rows kept back from pages', 'projects', { kind: 'rows-hidden', operationId, every: 3 }, /missing/],
    [
      'rows kept back from a counted list',
      'invoices',
      { kind: 'rows-hidden', operationId: 'getInvoices', every: 3 },
      /counts/,
    ],
    ['the same page for ever', 'projects', { kind: 'page-ignored', operationId }, /same rows/],
    ['rows that come twice', 'projects', { kind: 'rows-duplicated', operationId, rows: 2 }, /twice/],
  ])(
    '%s',
    async (_name, entity, fault, reason) => {
      const { read } = await readUnder(entity, fault);
      expect(read).toMatchObject({ state: 'read', complete: false });
      expect(read.reason).toMatch(reason);
    },
    90_000,
  );

  it('and no row is marked as deleted on such a reading', async () => {
    await readUnder('projects', { kind: 'rows-hidden', operationId, every: 2 });
    expect(await countDeleted()).toBe(0);
  }, 90_000);
});

describe('a list that shows that it changed while it was read', () => {
  it('is read again, and is complete when it holds still', async () => {
    const { read, isEqual } = await readUnder('projects', { kind: 'rows-duplicated', operationId, rows: 2, times: 1 });
    expect(read).toMatchObject({ complete: true, reason: null, stored: 250, pages: 14 });
    expect(isEqual).toBe(true);
  }, 90_000);
});

describe('what Clockify closes is skipped with the reason', () => {
  it.each<[string, Fault]>([
    ['a feature the plan lacks, 402', { kind: 'feature-gated', status: 402, operationId }],
    ['a feature switched off, 403', { kind: 'feature-gated', status: 403, operationId }],
    ['a scope the token lacks', { kind: 'scope-missing', operationId }],
  ])(
    '%s',
    async (_name, fault) => {
      const { read } = await readUnder('projects', fault);
      expect(read).toMatchObject({ state: 'skipped', complete: false });
      expect(read.reason).not.toBeNull();
    },
    60_000,
  );

  it('a host for reports that does not know the token', async () => {
    const { read } = await readUnder('shared_reports', { kind: 'token-revoked', operationId: 'getSharedReportsV1' });
    expect(read).toMatchObject({
      state: 'skipped',
      complete: false,
      reason: expect.stringMatching(/host for reports/),
    });
  }, 60_000);

  it('a refused family does not fail the others, nor what hangs on it', async () => {
    addon.simulator.addFault(workspaceId, { kind: 'feature-gated', status: 403, operationId });
    const status = await runBootstrap(addon, workspaceId, { only: ['tasks', 'tags'] });
    expect(status.status).toBe('COMPLETED_WITH_WARNINGS');
    const states = Object.fromEntries(
      status.entities.filter(({ runId }) => runId === status.runId).map(({ entity, state }) => [entity, state]),
    );
    expect(states).toEqual({ projects: 'skipped', tasks: 'skipped', tags: 'read' });
  }, 60_000);
});
