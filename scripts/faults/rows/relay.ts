import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { holdAny, statements, untilEnded } from './steps.ts';

const installs = 100;
/** Sessions that hold a transaction open and do nothing are ended after thirty seconds. */
const longerThanIdleMs = 33_000;

async function installWhileAway(scene: Scene): Promise<void> {
  await scene.stack.postgres.stop('fast');
  const { status } = await scene.install();
  if (status !== 204) throw new Error(`INSTALLED was answered ${status}`);
}

const countInstalled = async ({ stack }: Scene, ids: readonly string[]): Promise<number> => {
  const rows = await stack
    .rows<{ count: number }>('select count(*)::int as count from installations where workspace_id = any($1)', [ids])
    .catch(() => []);
  return rows[0]?.count ?? 0;
};

const spooled: readonly FaultCell[] = [
  {
    moment: 'the API lives on',
    begins: 'cold',
    async inject(scene) {
      await installWhileAway(scene);
      await scene.stack.postgres.start();
    },
    accept: { mayRefuse: true, recoveryMs: 10_000 },
  },
  {
    moment: 'kill -9 of the APIs before Postgres is back',
    begins: 'cold',
    async inject(scene) {
      const { apis, postgres } = scene.stack;
      await installWhileAway(scene);
      await Promise.all(apis.map((api) => api.stop('SIGKILL')));
      await postgres.start();
      await Promise.all(apis.map((api) => api.start()));
    },
    accept: { mayRefuse: true, recoveryMs: 10_000 },
  },
  {
    moment: `${installs} workspaces, and kill -9 of the APIs`,
    begins: 'cold',
    stack: { env: { AUTO_BOOTSTRAP_ON_INSTALL: 'false' } },
    async inject(scene) {
      const { apis, postgres, simulator, baseUrl } = scene.stack;
      const ids = Array.from({ length: installs }, (_, index) => `e${index.toString(16).padStart(23, '0')}`);
      await installWhileAway(scene);
      for (const workspaceId of ids) {
        const { status } = await simulator.install(`${baseUrl}/manifest`, { profile: 'XS', workspaceId });
        if (status !== 204) throw new Error(`an INSTALLED was answered ${status}`);
      }
      await Promise.all(apis.map((api) => api.stop('SIGKILL')));
      await postgres.start();
      await Promise.all(apis.map((api) => api.start()));
      await scene.until(async () => (await countInstalled(scene, ids)) === installs, 10_000 * scene.patience);
    },
    accept: { mayRefuse: true, ends: 'none' },
  },
];

const relayDies = (moment: string, isLate: boolean): FaultCell => ({
  moment,
  begins: 'cold',
  async inject(scene) {
    const { apis } = scene.stack;
    const emptying = holdAny(scene, apis, 'postgres', { markers: [statements.emptyOutbox], side: 'request' });
    await scene.install();
    const { owner } = await emptying;
    if (isLate) await untilEnded(scene);
    await owner.stop('SIGKILL');
    owner.postgres.cut();
  },
});

const twoRelays: FaultCell = {
  moment: 'one stands still in the middle of a delivery',
  begins: 'cold',
  async inject(scene) {
    const { apis } = scene.stack;
    const emptying = holdAny(scene, apis, 'postgres', { markers: [statements.emptyOutbox], side: 'request' });
    await scene.install();
    const { held, owner } = await emptying;
    owner.suspend();
    await sleep(longerThanIdleMs);
    held.release();
    owner.resume();
  },
  accept: { mayRefuse: true },
};

export const relayRows: readonly FaultRow[] = [
  { row: 20, fault: 'an install while Postgres is away', cells: spooled },
  {
    row: 54,
    fault: 'kill -9 of the outbox relay between start and delete',
    cells: [relayDies('at once', false), relayDies('after the run that it started', true)],
  },
  { row: 55, fault: 'two outbox relays', cells: [twoRelays] },
];
