import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { impatient, newestAddonId, purgeLimitMs, untilStatus } from './installation.ts';
import { holdAny, onePageEach, pickWorker, statements } from './steps.ts';

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

export const uninstallRows: readonly FaultRow[] = [
  { row: 33, fault: 'the token dies', cells: [tokenDies] },
  { row: 38, fault: 'an uninstall in the middle of a run', cells: uninstalls },
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
