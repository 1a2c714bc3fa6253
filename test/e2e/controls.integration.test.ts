import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { findBrokenOperatorAction } from '../../src/db/operator-actions.ts';
import { createOrm } from '../../src/db/orm.ts';
import type { BootstrapStatus, EntityStatus } from '../../src/domain/bootstrap-status.ts';
import type { OperatorActionLine } from '../../src/domain/operator-orders.ts';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { callAsOwner, readStatus, waitForEnd, waitForStatus } from '../support/run.ts';
import { waitUntil } from '../support/wait-until.ts';

let addon: Addon;
let connection: Connection;
let workspaceId: string;
let addonId: string;
let workflowId: string;

beforeAll(async () => {
  addon = await startAddon({ workers: 1 });
  connection = await Connection.connect({ address: addon.temporalAddress });
  const installed = await addon.simulator.install(`${addon.baseUrl}/manifest`, { profile: 'S', seed: 3 });
  ({ workspaceId, addonId } = installed);
  workflowId = `bootstrap:${workspaceId}:${addonId}`;
  await waitForStatus(addon, workspaceId, ({ requests }) => requests > 50);
}, 180_000);

afterAll(async () => {
  await connection.close();
  await addon.stop();
}, 60_000);

const order = (verb: string, body: object = {}): Promise<Response> =>
  callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/${verb}`, { reason: 'lunch', ...body });
const effectOf = async (verb: string, body?: object): Promise<string> => {
  const answer = await order(verb, body);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { effect: string }).effect;
};
const stateOf = ({ entities }: BootstrapStatus, name: string): EntityStatus | undefined =>
  entities.find(({ entity }) => entity === name);

const requests = (): number => addon.simulator.ledger(workspaceId).requests;

/** The self-test of an install asks for what has no pages before the run does. */
const repeatedPages = () => addon.simulator.ledger(workspaceId).repeated.filter(({ page }) => page !== null);

async function readRunStatus(): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: addon.adminUrl });
  await client.connect();
  const { rows } = await client.query<{ status: string }>(
    'select status from bootstrap_jobs where workspace_id = $1 order by started_at desc limit 1',
    [workspaceId],
  );
  await client.end();
  return rows[0]?.status;
}

/** The orders act within one page: what leaves afterwards was on its way, at most one request a loop. */
async function expectSilenceAfter(halt: () => Promise<unknown>): Promise<void> {
  await halt();
  const atHalt = requests();
  await waitUntil(async () => (await readRunStatus()) === 'PAUSED');
  expect(requests() - atHalt).toBeLessThanOrEqual(8);
}

describe('a running bootstrap', () => {
  it('pauses within a page by our API, and refuses to be paused twice', async () => {
    await expectSilenceAfter(async () => expect((await order('pause')).status).toBe(200));
    const again = await order('pause');
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ error: 'conflict' });
  }, 60_000);

  it('goes on where it was, from the Temporal Web UI as well', async () => {
    const before = requests();
    const handle = new Client({ connection }).workflow.getHandle(workflowId);
    await handle.executeUpdate('resume');
    await waitForStatus(addon, workspaceId, ({ status }) => status === 'RUNNING');
    await waitForStatus(addon, workspaceId, (status) => status.requests > before);
    await expect(handle.executeUpdate('resume')).rejects.toThrow();
    expect(repeatedPages()).toEqual([]);
  }, 60_000);

  it('pauses while Clockify has switched the add-on off, and goes on by itself', async () => {
    const { simulator } = addon;
    await expectSilenceAfter(async () => expect((await simulator.setStatus(workspaceId, 'INACTIVE')).status).toBe(204));
    expect((await simulator.setStatus(workspaceId, 'INACTIVE')).status).toBe(204);
    const refused = await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}`, {});
    expect(refused.status).toBe(403);
    expect((await simulator.setStatus(workspaceId, 'ACTIVE')).status).toBe(204);
    await waitForStatus(addon, workspaceId, ({ status }) => status === 'RUNNING');
  }, 60_000);

  it('obeys admins only, who are admins now', async () => {
    const { simulator, baseUrl } = addon;
    const { token, userId } = simulator.userToken(workspaceId, { role: 'WORKSPACE_ADMIN' });
    const pauseAs = (viewer: string): Promise<Response> =>
      fetch(`${baseUrl}/bootstrap/${workspaceId}/pause`, { method: 'POST', headers: { 'x-addon-token': viewer } });
    simulator.setRole(workspaceId, userId, 'MEMBER');
    expect((await pauseAs(token)).status).toBe(403);
    const { token: member } = simulator.userToken(workspaceId, { role: 'MEMBER' });
    expect((await pauseAs(member)).status).toBe(403);
  }, 60_000);

  it('reads more slowly when told to, from the next page on', async () => {
    expect(await effectOf('change-rate', { requestsPerSecond: 10 })).toMatch(/^Reading with at most 10 requests/);
    expect((await readStatus(addon, workspaceId)).budget.limitPerSecond).toBe(10);
    const before = requests();
    const began = Date.now();
    await waitForStatus(addon, workspaceId, () => requests() - before >= 60);
    // 8 loops may each have a page on its way at the old rate.
    expect((requests() - before - 8) / ((Date.now() - began) / 1000)).toBeLessThanOrEqual(11);
    await effectOf('change-rate', { requestsPerSecond: 50 });
  }, 60_000);

  it('leaves a kind out, and reads one again', async () => {
    const readTwice = (): boolean => repeatedPages().some(({ path }) => path.endsWith('/tags'));
    expect(await effectOf('skip-entity', { entity: 'time_entries' })).toBe('Left out of this run: time_entries.');
    const left = await waitForStatus(
      addon,
      workspaceId,
      (status) => stateOf(status, 'time_entries')?.state === 'skipped',
    );
    expect(stateOf(left, 'time_entries')?.reason).toMatch(/^Left out by order of [0-9a-f]+: lunch$/);
    await waitForStatus(addon, workspaceId, (status) => stateOf(status, 'tags')?.complete === true);
    expect(readTwice()).toBe(false);
    expect(await effectOf('restart-entity', { entity: 'tags' })).toBe('Reading again: tags.');
    await waitForStatus(addon, workspaceId, (status) => stateOf(status, 'tags')?.complete === true);
    expect(readTwice()).toBe(true);
  }, 60_000);

  it('is cancelled, started anew, and begun anew with everything', async () => {
    const { runId } = await readStatus(addon, workspaceId);
    expect(await effectOf('cancel')).toBe('Cancelled: what it has read stays.');
    await waitForStatus(addon, workspaceId, ({ status }) => status === 'CANCELLED');
    expect((await order('cancel')).status).toBe(409);
    expect(await effectOf('restart-all')).toBe('A new run reads everything.');
    const second = await waitForStatus(
      addon,
      workspaceId,
      ({ status, requests: sent }) => status === 'RUNNING' && sent > 20,
    );
    expect(second.runId).not.toBe(runId);
    expect(await effectOf('restart-all')).toMatch(/^This run ends, and a new one begins/);
    const third = await waitForStatus(addon, workspaceId, (now) => now.runId !== second.runId && now.requests > 20);
    expect(third.status).toBe('RUNNING');
  }, 60_000);

  it('has a log of its orders that proves itself', async () => {
    const answer = await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/actions`);
    const { actions } = (await answer.json()) as { actions: OperatorActionLine[] };
    expect(actions.map(({ verb, reason }) => [verb, reason])).toEqual([
      ['restartAll', 'lunch'],
      ['restartAll', 'lunch'],
      ['cancel', 'lunch'],
      ['restartEntity', 'lunch'],
      ['skipEntity', 'lunch'],
      ['changeRate', 'lunch'],
      ['changeRate', 'lunch'],
      ['resume', null],
      ['pause', 'lunch'],
    ]);
    const byWebUi = actions.filter(({ actor }) => actor === 'Temporal Web UI');
    expect(byWebUi.map(({ verb }) => verb)).toEqual(['resume']);
    const orm = createOrm(addon.appUrl);
    expect(await findBrokenOperatorAction(orm, { workspaceId, addonId })).toBeNull();
    await orm.close(true);
  }, 60_000);

  it('waits when the add-on is removed, and the page is closed', async () => {
    const before = await readStatus(addon, workspaceId);
    expect(before.status).toBe('RUNNING');
    expect((await addon.simulator.uninstall(workspaceId)).status).toBe(204);
    const atRemoval = requests();
    await waitUntil(async () => (await readRunStatus()) === 'PAUSED');
    const probes = 2;
    expect(requests() - atRemoval).toBeLessThanOrEqual(8 + probes);
    expect((await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/status`)).status).toBe(403);
  }, 60_000);
});

it('reads what the settings of the workspace allow, and no faster', async () => {
  const installed = await addon.simulator.install(`${addon.baseUrl}/manifest`, {
    profile: 'XS',
    plan: 'ENTERPRISE',
    workspaceId: 'd00000000000000000000001',
  });
  const { simulator } = addon;
  await waitForEnd(addon, installed.workspaceId);
  const changed = await simulator.changeSettings(installed.workspaceId, [{ id: 'requests_per_second', value: 10 }]);
  expect(changed.status).toBe(204);
  simulator.resetLedger();
  await callAsOwner(addon, installed.workspaceId, `/bootstrap/${installed.workspaceId}`, {});
  await waitForEnd(addon, installed.workspaceId);
  expect(simulator.ledger(installed.workspaceId).maxInAnySecond).toBeLessThanOrEqual(12);
}, 120_000);
