import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { BootstrapStatus } from '../../src/domain/bootstrap-status.ts';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { callAsOwner, compareWithTruth, runBootstrap, waitForEnd } from '../support/run.ts';

let addon: Addon;
let workspaceId: string;
let first: BootstrapStatus;

beforeAll(async () => {
  addon = await startAddon({ workers: 2 });
  const installed = await addon.simulator.install(`${addon.baseUrl}/manifest`, { profile: 'S', seed: 7 });
  expect(installed.status).toBe(204);
  workspaceId = installed.workspaceId;
  first = await waitForEnd(addon, workspaceId);
}, 300_000);

afterAll(() => addon.stop(), 60_000);

async function countRows(condition: string): Promise<number> {
  const client = new pg.Client({ connectionString: addon.adminUrl });
  await client.connect();
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from workspace_data where ${condition}`,
  );
  await client.end();
  return rows[0]?.n ?? Number.NaN;
}

describe('an install on a workspace of profile S', () => {
  it('ends complete, every kind of rows with evidence', () => {
    expect(first.status).toBe('COMPLETED');
    expect(first.entities.filter(({ complete }) => complete !== true)).toEqual([]);
    expect(first.entities.map(({ evidence }) => evidence)).not.toContain(null);
  });

  it('leaves a mirror equal to the workspace', async () => {
    const { mirror, truth } = await compareWithTruth(addon, workspaceId, first);
    expect(mirror).toEqual(truth);
  });

  it('asks for nothing but reads, within the limits of the platform', () => {
    const ledger = addon.simulator.ledger(workspaceId);
    expect(Object.keys(ledger.verbs).sort()).toEqual(['GET', 'POST']);
    expect(ledger.operations['getTimeOffRequest']).toEqual({ 200: ledger.verbs['POST'] });
    expect(ledger.undeclared).toEqual([]);
    // The family of webhooks is closed to add-ons, as live.
    expect(ledger.operations['getWebhooks']).toEqual({ 401: 1 });
    expect(ledger.statuses).toEqual({ 200: ledger.requests - 1, 401: 1 });
    expect(ledger.maxInAnySecond).toBeLessThanOrEqual(50);
    expect(ledger.maxInFlight).toBeLessThanOrEqual(8);
    // What the self-test read whole, because it is small, the copy read as well.
    expect(
      ledger.repeated.map(({ operationId }) => String(operationId)).toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['getInvoiceSettings', 'getWorkspaceOfUser', 'ofWorkspace']);
  });

  it('adds and rewrites no row when it is run again, and 50 starts at once are one run', async () => {
    const before = await countRows('true');
    const startedAt = new Date().toISOString();
    const starts = await Promise.all(
      Array.from({ length: 50 }, () => callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}`, {})),
    );
    const answers = await Promise.all(starts.map((response) => response.json() as Promise<{ job_id: string }>));
    expect(new Set(answers.map(({ job_id }) => job_id)).size).toBe(1);
    const second = await waitForEnd(addon, workspaceId);
    expect(second.runId).not.toBe(first.runId);
    expect(second.status).toBe('COMPLETED');
    expect(await countRows('true')).toBe(before);
    expect(await countRows(`changed_at > '${startedAt}'`)).toBe(0);
    expect(await countRows('version > 1')).toBe(0);
  }, 300_000);

  it('marks what was deleted in Clockify, and nothing else', async () => {
    const { simulator } = addon;
    const [tag] = simulator.rows(workspaceId, 'tags');
    const tagId = String(tag?.['id']);
    expect(simulator.world(workspaceId).remove('tags', tagId)).toBe(true);
    const third = await runBootstrap(addon, workspaceId, { only: ['tags'] });
    const read = third.entities.filter(({ runId }) => runId === third.runId);
    expect(read.map(({ entity }) => entity)).toEqual(['tags']);
    expect(third.entities).toHaveLength(first.entities.length);
    expect(await countRows(`entity_type = 'tags' and deleted_at is not null`)).toBe(1);
    expect(await countRows(`entity_id = '${tagId}' and deleted_at is not null`)).toBe(1);
    const { mirror, truth } = await compareWithTruth(addon, workspaceId, third);
    expect(mirror).toEqual(truth);
  }, 60_000);
});
