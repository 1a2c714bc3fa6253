import { setTimeout as sleep } from 'node:timers/promises';
import type { InstallResult } from '../../../simulator/platform/requests.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import type { StackOptions } from '../stack.ts';
import { holdAny, onePageEach, pickWorker, statements } from './steps.ts';

/** The worker that tries doubted tokens within seconds instead of minutes. */
const impatient: StackOptions = { workerEntry: 'test/impatient-worker.mts' };
const purgeLimitMs = 120_000;
const repeats = 50;

async function statusOf({ stack }: Scene, addonId: string): Promise<string> {
  const sql = 'select status from installations where addon_id = $1';
  const rows = await stack.rows<{ status: string }>(sql, [addonId]).catch(() => null);
  return rows === null ? 'unknown' : (rows[0]?.status ?? 'gone');
}

const untilStatus = (scene: Scene, addonId: string, status: string): Promise<void> =>
  scene.until(async () => (await statusOf(scene, addonId)) === status, purgeLimitMs);

const newestAddonId = ({ calls }: Scene): string => calls.findLast(({ event }) => event === 'INSTALLED')?.addonId ?? '';

const tenantTables = ['workspace_data', 'bootstrap_jobs', 'bootstrap_loops', 'webhook_registrations', 'installations'];

/** Of a workspace whose only installation is gone. */
async function findLeftovers({ stack, workspaceId }: Scene): Promise<string[]> {
  const counts = tenantTables.map(
    (table) => `select '${table}' as name, count(*)::int as count from ${table} where workspace_id = $1`,
  );
  const rows = await stack.rows<{ name: string; count: number }>(counts.join(' union all '), [workspaceId]);
  return rows.filter(({ count }) => count > 0).map(({ name, count }) => `${count} rows left in ${name}`);
}

const removed = (moment: string, awaitMoment: (scene: Scene) => Promise<unknown>): FaultCell => ({
  moment,
  stack: impatient,
  async inject(scene) {
    await awaitMoment(scene);
    await scene.uninstall();
    await untilStatus(scene, newestAddonId(scene), 'gone');
    await scene.until(async () => (await findLeftovers(scene)).length === 0, purgeLimitMs).catch(() => null);
  },
  accept: { ends: 'open', check: findLeftovers },
});

const uninstalls: readonly FaultCell[] = [
  ...[30, 60, 90, 120].map((pages) => removed(`after ${pages} pages`, (scene) => scene.untilPages(pages))),
  removed('while a page is being committed', (scene) => releaseAt(scene, [statements.storePage], 'request')),
  removed('while the answer to a commit is on its way', (scene) =>
    releaseAt(scene, [statements.storePage, statements.commit], 'answer'),
  ),
  removed('while pages are on their way', async (scene) => {
    const { simulator } = scene.stack;
    simulator.addFault(scene.workspaceId, { kind: 'latency', ms: 1_000, times: onePageEach });
    await scene.until(() => simulator.requests(scene.workspaceId).some(({ status }) => status === null));
  }),
];

/** Lets the call come while a worker stands at that moment, and the worker go on a second later. */
async function releaseAt(scene: Scene, markers: readonly string[], side: 'request' | 'answer'): Promise<void> {
  const { held } = await holdAny(scene, scene.stack.workers, 'postgres', { markers, side });
  setTimeout(() => held.release(), 1_000);
}

const tokenDies: FaultCell = {
  moment: 'in the middle of a run, and no DELETED comes; later it lives again',
  stack: impatient,
  async inject(scene) {
    const { simulator } = scene.stack;
    simulator.addFault(scene.workspaceId, { kind: 'token-revoked' });
    await untilStatus(scene, newestAddonId(scene), 'suspect');
    const atDoubt = simulator.ledger(scene.workspaceId).requests;
    await sleep(4_000);
    const { requests } = simulator.ledger(scene.workspaceId);
    if (requests - atDoubt > 2 * onePageEach) throw new Error(`${requests - atDoubt} requests with a dead token`);
    simulator.clearFaults(scene.workspaceId);
    await untilStatus(scene, newestAddonId(scene), 'active');
  },
};

const forged = (moment: string, meanwhile: (scene: Scene) => Promise<unknown>): FaultCell => ({
  moment,
  stack: impatient,
  async inject(scene) {
    await scene.uninstall({ forged: true });
    await meanwhile(scene);
    await untilStatus(scene, newestAddonId(scene), 'active');
  },
  accept: { refetched: onePageEach },
});

/** Posts what Clockify sent at the install, as often as told, all at once. */
async function repeatInstalled({ stack }: Scene, installed: InstallResult): Promise<void> {
  const { workspaceId, addonId, addonUserId, ownerId, installationToken, webhooks } = installed;
  const body = JSON.stringify({
    workspaceId,
    addonId,
    addonUserId,
    asUser: ownerId,
    authToken: installationToken,
    apiUrl: `${stack.simulator.url}/api`,
    webhooks: webhooks.map(({ path, authToken }) => ({ path, webhookType: 'ADDON', authToken })),
  });
  const token = stack.simulator.mintToken('lifecycle', workspaceId, { addonId });
  const headers = { 'content-type': 'application/json', 'x-addon-lifecycle-token': token };
  const send = (): Promise<Response> =>
    fetch(`${stack.baseUrl}/lifecycle/installed`, { method: 'POST', headers, body });
  const answers = await Promise.all(Array.from({ length: repeats }, send));
  const refused = answers.filter(({ ok }) => !ok);
  if (refused.length > 0) throw new Error(`${refused.length} of ${repeats} were refused`);
}

const reinstall = (moment: string, act: (scene: Scene, old: InstallResult) => Promise<unknown>): FaultCell => ({
  moment,
  begins: 'cold',
  stack: impatient,
  async inject(scene) {
    const old = await scene.install();
    await scene.untilPages(20);
    await act(scene, old);
    await untilStatus(scene, newestAddonId(scene), 'active');
    if (newestAddonId(scene) !== old.addonId) await untilStatus(scene, old.addonId, 'gone');
  },
  accept: {
    check: async ({ stack, workspaceId }) => {
      const runs = await stack.rows('select from bootstrap_jobs where workspace_id = $1', [workspaceId]);
      return runs.length === 1 ? [] : [`${runs.length} runs`];
    },
  },
});

const reinstalls: readonly FaultCell[] = [
  reinstall('while the old one is being removed', async (scene, { addonId }) => {
    await scene.uninstall({ addonId });
    await scene.install();
  }),
  reinstall('INSTALLED comes before the DELETED of the old one', async (scene, { addonId }) => {
    await scene.uninstall({ addonId, deliver: false });
    await scene.install();
    await scene.uninstall({ addonId });
  }),
  reinstall('the DELETED of the old one is lost', async (scene, { addonId }) => {
    await scene.uninstall({ addonId, deliver: false });
    await scene.install();
  }),
  reinstall(`the same INSTALLED ${repeats} times at once`, repeatInstalled),
];

export const lifecycleRows: readonly FaultRow[] = [
  { row: 33, fault: 'the token dies', cells: [tokenDies] },
  { row: 38, fault: 'an uninstall in the middle of a run', cells: uninstalls },
  { row: 39, fault: 'an install follows an uninstall', cells: reinstalls },
  {
    row: 61,
    fault: 'a forged DELETED in the middle of a run',
    cells: [
      forged('and nothing else', () => Promise.resolve()),
      forged('and kill -9 of a worker before the first probe', (scene) => pickWorker(scene).stop('SIGKILL')),
      forged('and kill -9 of both workers before the first probe', async ({ stack: { workers } }) => {
        await Promise.all(workers.map((worker) => worker.stop('SIGKILL')));
        await Promise.all(workers.map((worker) => worker.start()));
      }),
    ],
  },
];
