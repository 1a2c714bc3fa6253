import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import type { InstallOptions, InstallResult } from '../../simulator/platform/requests.ts';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { callAsOwner, compareWithTruth, waitForEnd, waitForStatus } from '../support/run.ts';
import { findRowsNaming } from '../support/traces.ts';
import { waitUntil } from '../support/wait-until.ts';

let addon: Addon;
let client: Client;
let database: pg.Pool;

beforeAll(async () => {
  addon = await startAddon({ workers: 1, workerEntry: 'test/impatient-worker.mts' });
  client = new Client({ connection: await Connection.connect({ address: addon.temporalAddress }) });
  database = new pg.Pool({ connectionString: addon.adminUrl });
}, 180_000);

afterAll(async () => {
  await client.connection.close();
  await database.end();
  await addon.stop();
}, 60_000);

const rows = async (sql: string) => (await database.query<Record<string, unknown>>(sql)).rows;
const statusOf = async ({ addonId }: { addonId: string }): Promise<unknown> =>
  (await rows(`select status from installations where addon_id = '${addonId}'`))[0]?.['status'];
const untilStatus = (installed: { addonId: string }, status: string | undefined): Promise<void> =>
  waitUntil(async () => (await statusOf(installed)) === status, 60_000);
const requests = ({ workspaceId }: { workspaceId: string }): number => addon.simulator.ledger(workspaceId).requests;
const install = (options: InstallOptions): Promise<InstallResult> =>
  addon.simulator.install(`${addon.baseUrl}/manifest`, options);
const small = { profile: 'XS', plan: 'ENTERPRISE' } as const;

/** Resolves in the middle of a copy that has some way to go. */
async function installSlowly(options: InstallOptions): Promise<InstallResult> {
  const installed = await install(options);
  const fault = addon.simulator.addFault(installed.workspaceId, { kind: 'latency', ms: 300 });
  await waitForStatus(addon, installed.workspaceId, (status) => status.requests > 20);
  addon.simulator.clearFaults(installed.workspaceId, fault);
  return installed;
}

async function countExecutions({ workspaceId, addonId }: InstallResult): Promise<number> {
  const query = `WorkspaceId = '${workspaceId}' AND AddonId = '${addonId}'`;
  return (await client.workflow.count(query)).count;
}

/** Nothing of the installation is left, wherever one could look. */
async function expectNoTrace(installed: InstallResult): Promise<void> {
  await untilStatus(installed, undefined);
  await waitUntil(async () => (await countExecutions(installed)) === 0, 30_000);
  for (const id of [installed.addonId, installed.installationToken]) {
    expect(await findRowsNaming(rows, id)).toEqual({});
  }
}

/** Posts what Clockify once sent at the install. */
async function sendInstalled(installed: InstallResult, authToken = installed.installationToken): Promise<Response> {
  const { workspaceId, addonId, addonUserId, ownerId, webhooks } = installed;
  return fetch(`${addon.baseUrl}/lifecycle/installed`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-addon-lifecycle-token': addon.simulator.mintToken('lifecycle', workspaceId, { addonId }),
    },
    body: JSON.stringify({
      workspaceId,
      addonId,
      addonUserId,
      asUser: ownerId,
      authToken,
      apiUrl: `${addon.simulator.url}/api`,
      webhooks: webhooks.map(({ path, authToken: token }) => ({ path, webhookType: 'ADDON', authToken: token })),
    }),
  });
}

async function expectEqualCopy(workspaceId: string): Promise<void> {
  const status = await waitForEnd(addon, workspaceId);
  expect(status.status).toMatch(/^COMPLETED/);
  const { mirror, truth } = await compareWithTruth(addon, workspaceId, status);
  expect(mirror).toEqual(truth);
}

describe('the add-on is removed in the middle of a copy', () => {
  let installed: InstallResult;
  let atRemoval: number;

  beforeAll(async () => {
    installed = await installSlowly({ ...small, seed: 21 });
    const { status } = await addon.simulator.uninstall(installed.workspaceId);
    expect(status).toBe(204);
    atRemoval = requests(installed);
  }, 60_000);

  it('stops at once, and closes its page and its webhooks', async () => {
    const { workspaceId, webhooks } = installed;
    expect((await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/status`)).status).toBe(403);
    const [webhook] = webhooks;
    const delivery = await fetch(`${addon.baseUrl}${webhook?.path ?? ''}`, {
      method: 'POST',
      headers: {
        'clockify-signature': webhook?.authToken ?? '',
        'clockify-webhook-event-type': webhook?.event ?? '',
        'content-type': 'application/json',
      },
      body: '{}',
    });
    expect(delivery.status).toBe(503);
    expect((await addon.simulator.uninstall(workspaceId)).status).toBe(204);
  });

  it('is destroyed once Clockify has refused its token three times, and nothing is asked any more', async () => {
    await untilStatus(installed, undefined);
    const atPurge = requests(installed);
    expect(atPurge - atRemoval).toBeLessThanOrEqual(8 + 3);
    await expectNoTrace(installed);
    expect(await findRowsNaming(rows, installed.workspaceId)).toEqual({});
    expect((await client.workflow.count(`WorkspaceId = '${installed.workspaceId}'`)).count).toBe(0);
    expect(requests(installed)).toBe(atPurge);
  }, 60_000);

  it('does not come back by its old INSTALLED, nor by a DELETED that comes again', async () => {
    const replayed = await sendInstalled(installed);
    expect(replayed.status).toBe(409);
    expect(await replayed.json()).toMatchObject({
      error: 'conflict',
      detail: expect.stringMatching(/removed for good/),
    });
    expect((await addon.simulator.uninstall(installed.workspaceId)).status).toBe(204);
    expect(await findRowsNaming(rows, installed.workspaceId)).toEqual({});
  });
});

describe('a DELETED that Clockify never sent', () => {
  it('costs no row: the copy goes on where it stood, although the worker dies right after', async () => {
    const installed = await installSlowly({ ...small, seed: 22 });
    const { workspaceId } = installed;
    const runs = await rows(`select run_id from bootstrap_jobs where workspace_id = '${workspaceId}'`);
    const [worker] = addon.workers;
    await worker?.stop('SIGKILL');
    expect((await addon.simulator.uninstall(workspaceId, { forged: true })).status).toBe(204);
    expect(await statusOf(installed)).toBe('delete_pending');
    await addon.startWorker();
    await untilStatus(installed, 'active');
    await expectEqualCopy(workspaceId);
    expect(await rows(`select run_id from bootstrap_jobs where workspace_id = '${workspaceId}'`)).toEqual(runs);
    expect(addon.simulator.ledger(workspaceId).repeated.length).toBeLessThanOrEqual(8);
    expect(await readFile(join(addon.logs, 'worker-1.log'), 'utf8')).toContain('alarm: an installation');
  }, 120_000);

  it('is undone on an idle installation, too, and may come again', async () => {
    const installed = await install({ ...small, workspaceId: 'b10000000000000000000001' });
    await waitForEnd(addon, installed.workspaceId);
    for (let time = 0; time < 2; time++) {
      await addon.simulator.uninstall(installed.workspaceId, { forged: true });
      await untilStatus(installed, 'active');
    }
    await expectEqualCopy(installed.workspaceId);
  }, 60_000);
});
