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
}, 120_000);

const rows = async (sql: string) => (await database.query<Record<string, unknown>>(sql)).rows;
const statusOf = async ({ addonId }: { addonId: string }): Promise<unknown> =>
  (await rows(`select status from installations where addon_id = '${addonId}'`))[0]?.['status'];
const untilStatus = (installed: { addonId: string }, status: string | undefined): Promise<void> =>
  waitUntil(async () => (await statusOf(installed)) === status, 120_000);
/** Of all workspaces: a token that is dead belongs to none. */
const requests = (): number => addon.simulator.ledger().requests;
const install = (options: InstallOptions): Promise<InstallResult> =>
  addon.simulator.install(`${addon.baseUrl}/manifest`, options);
const small = { profile: 'XS', plan: 'ENTERPRISE' } as const;
/** Of runs: one that makes up for an absence may follow a copy. */
const isNoRefresh = `request_id not like 'refresh-%'`;

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
  await waitUntil(async () => (await countExecutions(installed)) === 0, 120_000);
  for (const id of [installed.addonId, installed.installationToken]) {
    expect(await findRowsNaming(rows, id)).toEqual({});
  }
  for await (const { scheduleId } of client.schedule.list()) expect(scheduleId).not.toContain(installed.addonId);
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
    atRemoval = requests();
  }, 120_000);

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
    const atPurge = requests();
    expect(atPurge - atRemoval).toBeLessThanOrEqual(8 + 3);
    await expectNoTrace(installed);
    expect(await findRowsNaming(rows, installed.workspaceId)).toEqual({});
    expect((await client.workflow.count(`WorkspaceId = '${installed.workspaceId}'`)).count).toBe(0);
    expect(requests()).toBe(atPurge);
  }, 120_000);

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
    const copies = `select run_id from bootstrap_jobs where workspace_id = '${workspaceId}' and ${isNoRefresh}`;
    const runs = await rows(copies);
    const [worker] = addon.workers;
    await worker?.stop('SIGKILL');
    expect((await addon.simulator.uninstall(workspaceId, { forged: true })).status).toBe(204);
    expect(await statusOf(installed)).toBe('delete_pending');
    await addon.startWorker();
    await untilStatus(installed, 'active');
    await expectEqualCopy(workspaceId);
    expect(await rows(copies)).toEqual(runs);
    expect(addon.simulator.ledger(workspaceId).repeated.length).toBeLessThanOrEqual(8);
    expect(await readFile(join(addon.logs, 'worker-1.log'), 'utf8')).toContain('alarm: an installation');
  }, 240_000);

  it('is undone on an idle installation, too, and may come again', async () => {
    const installed = await install({ ...small, workspaceId: 'b10000000000000000000001' });
    await waitForEnd(addon, installed.workspaceId);
    for (let time = 0; time < 2; time++) {
      await addon.simulator.uninstall(installed.workspaceId, { forged: true });
      await untilStatus(installed, 'active');
    }
    await expectEqualCopy(installed.workspaceId);
  }, 120_000);
});

describe('the add-on is installed again', () => {
  const workspace = (index: number) => ({ ...small, workspaceId: `b2000000000000000000000${index}` });
  const remove = (installed: InstallResult, options: { deliver?: boolean } = {}) =>
    addon.simulator.uninstall(installed.workspaceId, { addonId: installed.addonId, ...options });

  /** The new one is in use with one run and an equal copy; of the old one nothing is left. */
  async function expectReplaced(old: InstallResult, installed: InstallResult): Promise<void> {
    await expectNoTrace(old);
    await expectEqualCopy(installed.workspaceId);
    expect(await rows(`select addon_id, status from installations where workspace_id = '${old.workspaceId}'`)).toEqual([
      { addon_id: installed.addonId, status: 'active' },
    ]);
    const copies = `select addon_id from bootstrap_jobs where workspace_id = '${old.workspaceId}' and ${isNoRefresh}`;
    expect(await rows(copies)).toEqual([{ addon_id: installed.addonId }]);
  }

  it.concurrent(
    'while the old one is being removed',
    async () => {
      const old = await install(workspace(1));
      await waitForEnd(addon, old.workspaceId);
      expect((await remove(old)).status).toBe(204);
      const installed = await install(workspace(1));
      expect(await statusOf(installed)).toBe('active');
      await expectReplaced(old, installed);
    },
    240_000,
  );

  it.concurrent(
    'before the old one is deleted, in the middle of its copy; the DELETED comes late',
    async () => {
      const old = await installSlowly(workspace(2));
      await remove(old, { deliver: false });
      const installed = await install(workspace(2));
      await untilStatus(installed, 'active');
      expect((await remove(old)).status).toBe(204);
      await expectReplaced(old, installed);
    },
    240_000,
  );

  it.concurrent(
    'and the DELETED of the old one is lost',
    async () => {
      const old = await install(workspace(3));
      await waitForEnd(addon, old.workspaceId);
      await remove(old, { deliver: false });
      const installed = await install(workspace(3));
      await expectReplaced(old, installed);
      expect((await sendInstalled(old)).status).toBe(409);
    },
    240_000,
  );

  it.concurrent(
    'by fifty calls at once, which are one',
    async () => {
      const old = await install(workspace(4));
      await remove(old);
      await expectNoTrace(old);
      const installed = await install(workspace(4));
      const answers = await Promise.all(Array.from({ length: 50 }, () => sendInstalled(installed)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
      await expectReplaced(old, installed);
    },
    240_000,
  );

  it.concurrent(
    'by the same INSTALLED with another token, which takes effect when Clockify accepts it',
    async () => {
      const { simulator } = addon;
      const installed = await install(workspace(5));
      const { workspaceId, addonId } = installed;
      const digestOf = async () =>
        (await rows(`select token_digest from installations where addon_id = '${addonId}'`))[0];
      const before = await digestOf();
      const isSettled = async (): Promise<boolean> =>
        (await rows(`select from installations where addon_id = '${addonId}' and pending_token is null`)).length === 1;

      const dead = simulator.mintToken('installation', workspaceId, { addonId, claims: { user: 'f'.repeat(24) } });
      expect((await sendInstalled(installed, dead)).status).toBe(204);
      await waitUntil(isSettled, 60_000);
      expect(await digestOf()).toEqual(before);

      const living = simulator.mintToken('installation', workspaceId, { addonId, claims: { iat: 1_700_000_000 } });
      expect((await sendInstalled(installed, living)).status).toBe(204);
      await waitUntil(
        async () => (await isSettled()) && (await digestOf())?.['token_digest'] !== before?.['token_digest'],
      );
      expect(await statusOf(installed)).toBe('active');
      await expectEqualCopy(workspaceId);
    },
    240_000,
  );
});

describe('Clockify refuses the token, and said no DELETED', () => {
  it('the copy waits, nothing is asked but whether the token lives, and it goes on when it does', async () => {
    const installed = await installSlowly({ ...small, workspaceId: 'b30000000000000000000001' });
    const { workspaceId } = installed;
    addon.simulator.addFault(workspaceId, { kind: 'token-revoked' });
    await untilStatus(installed, 'suspect');
    expect((await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/status`)).status).toBe(403);
    const atDoubt = requests();
    await waitUntil(() => requests() - atDoubt > 8, 60_000);
    expect(await statusOf(installed)).toBe('suspect');
    addon.simulator.clearFaults(workspaceId);
    await untilStatus(installed, 'active');
    await expectEqualCopy(workspaceId);
  }, 240_000);

  it('is destroyed after the time that data may be kept without one good answer, and not before', async () => {
    const installed = await install({ ...small, workspaceId: 'b30000000000000000000002' });
    await addon.simulator.uninstall(installed.workspaceId, { deliver: false });
    await untilStatus(installed, 'suspect');
    const age = (days: number) =>
      rows(
        `update installations set doubted_at = now() - interval '${days} days' where addon_id = '${installed.addonId}'`,
      );
    await age(6);
    const before = requests();
    await waitUntil(() => requests() > before + 2, 30_000);
    expect(await statusOf(installed)).toBe('suspect');
    await age(8);
    await expectNoTrace(installed);
  }, 240_000);
});
