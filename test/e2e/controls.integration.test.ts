import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { callAsOwner, readStatus, waitForEnd, waitForStatus } from '../support/run.ts';
import { waitUntil } from '../support/wait-until.ts';

let addon: Addon;
let connection: Connection;
let workspaceId: string;
let workflowId: string;

beforeAll(async () => {
  addon = await startAddon({ workers: 1 });
  connection = await Connection.connect({ address: addon.temporalAddress });
  const installed = await addon.simulator.install(`${addon.baseUrl}/manifest`, { profile: 'S', seed: 3 });
  ({ workspaceId } = installed);
  workflowId = `bootstrap:${workspaceId}:${installed.addonId}`;
  await waitForStatus(addon, workspaceId, ({ requests }) => requests > 50);
}, 180_000);

afterAll(async () => {
  await connection.close();
  await addon.stop();
}, 60_000);

const order = (verb: 'pause' | 'resume'): Promise<Response> =>
  callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/${verb}`, { reason: 'lunch' });

const requests = (): number => addon.simulator.ledger(workspaceId).requests;

async function readRunStatus(): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: addon.adminUrl });
  await client.connect();
  const { rows } = await client.query<{ status: string }>('select status from bootstrap_jobs where workspace_id = $1', [
    workspaceId,
  ]);
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
    expect(addon.simulator.ledger(workspaceId).repeated).toEqual([]);
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

  it('ends when the add-on is removed, and the page is closed', async () => {
    const before = await readStatus(addon, workspaceId);
    expect(before.status).toBe('RUNNING');
    expect((await addon.simulator.uninstall(workspaceId)).status).toBe(204);
    const atRemoval = requests();
    const handle = new Client({ connection }).workflow.getHandle(workflowId);
    await expect(handle.result()).rejects.toThrow();
    expect(requests() - atRemoval).toBeLessThanOrEqual(8);
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
