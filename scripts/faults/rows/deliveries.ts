import { setTimeout as sleep } from 'node:timers/promises';
import { buildMailboxWorkflowId } from '../../../src/domain/contract.ts';
import type { AddonProcess } from '../addon-process.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Moment } from '../fault-proxy.ts';
import type { Scene } from '../scene.ts';
import { anyNumber, attemptsSince, changeMany, changeOnce, expectAnswered, whileTold } from './changes.ts';
import { newestAddonId } from './installation.ts';
import { killUnderDeliveries } from './kills-under-deliveries.ts';
import { holdAny, statements } from './steps.ts';

const { storeDeliveries } = statements;
const changes = 100;
const perSecond = 20;
/** Slow enough for an API to start again before Clockify gives up. */
const slow = 4;
/** Larger than what fits into a socket, so that its end can be held back. */
const largeBytes = 400_000;
const cuts = 20;
const deadlocksWanted = 5;
const usualChanges = 1_000;
const suspendedMs = 20_000;

async function underChanges(scene: Scene, strike: () => Promise<unknown>): Promise<void> {
  await Promise.all([changeMany(scene, changes, perSecond), strike()]);
}

async function killOwner(owner: AddonProcess): Promise<void> {
  await owner.stop('SIGKILL');
  owner.postgres.cut();
  owner.temporal.cut();
}

const killApis = ({ stack: { apis } }: Scene): Promise<unknown> => Promise.all(apis.map((api) => api.stop('SIGKILL')));

const killedAt = (moment: string, way: 'postgres' | 'temporal', at: (scene: Scene) => Moment): FaultCell =>
  whileTold(moment, (scene) =>
    underChanges(scene, async () => {
      const { owner } = await holdAny(scene, scene.stack.apis, way, at(scene));
      await killOwner(owner);
    }),
  );

const killedWhileReading = whileTold(
  'before the body is read to its end',
  async (scene) => {
    const { simulator, front } = scene.stack;
    const [tag] = simulator.world(scene.workspaceId).list('tags');
    const filler = 'x'.repeat(largeBytes);
    const body = { ...tag, workspaceId: scene.workspaceId, filler, last: 'endofbody' };
    const reading = front.hold({ markers: ['endofbody'], side: 'request' }, scene.over);
    simulator.fireWebhook(scene.workspaceId, { event: 'TAG_UPDATED', body });
    const held = await reading;
    await sleep(500);
    await killApis(scene);
    held.cut();
  },
  { speed: slow },
);

const blockedStores = `select from pg_stat_activity
  where wait_event_type = 'Lock' and query like '%store_deliveries%' and pid <> pg_backend_pid()`;

const killedBeforeCommit = whileTold(
  'between INSERT and COMMIT',
  async (scene) => {
    const { stack } = scene;
    const locked = stack.rows('do $$ begin lock table webhook_events in share mode; perform pg_sleep(4); end $$');
    await sleep(500);
    changeOnce(scene);
    await scene.until(async () => (await stack.rows(blockedStores)).length > 0);
    await killApis(scene);
    await locked;
  },
  { speed: slow },
);

const suspended = whileTold('under deliveries, for 20 s', (scene) =>
  underChanges(scene, async () => {
    const api = scene.random.pick(scene.stack.apis);
    api.suspend();
    await sleep(suspendedMs);
    api.resume();
  }),
);

async function cutStore(scene: Scene): Promise<void> {
  const storing = holdAny(scene, scene.stack.apis, 'postgres', { markers: [storeDeliveries], side: 'answer' });
  changeOnce(scene);
  (await storing).held.cut();
}

const unknownStores = whileTold(`of deliveries, ${cuts} times`, async (scene) => {
  for (let cut = 0; cut < cuts; cut++) await cutStore(scene);
});

/** Takes stored deliveries one after the other, in another order than whoever stores them again. */
const takeBackwards = (workspaceId: string): string => `do $$ declare found record; begin
  for found in select id from webhook_events where workspace_id = '${workspaceId}' order by id desc limit 40 loop
    perform from webhook_events where workspace_id = '${workspaceId}' and id = found.id for update;
    perform pg_sleep(0.05);
  end loop; end $$`;

const deadlocksSql = 'select deadlocks::int as count from pg_stat_database where datname = current_database()';

async function countDeadlocks({ stack }: Scene): Promise<number> {
  const [row] = await stack.rows<{ count: number }>(deadlocksSql);
  return row?.count ?? 0;
}

async function provokeDeadlocks(scene: Scene): Promise<void> {
  const before = await countDeadlocks(scene);
  await scene.until(async () => {
    // The victim may be this side.
    await scene.stack.rows(takeBackwards(scene.workspaceId)).catch(() => null);
    return (await countDeadlocks(scene)) >= before + deadlocksWanted;
  }, 120_000);
}

const deadlocks = whileTold('between a run, deliveries that come twice, and somebody else', async (scene) => {
  const { stack, workspaceId } = scene;
  stack.simulator.setWebhooks(workspaceId, { duplicate: 1, burst: 20, reorder: true });
  const started = await scene.call(`/bootstrap/${workspaceId}`, {});
  if (!started.ok) throw new Error(`the run was refused: ${started.status}`);
  const from = Date.now();
  const ending = new AbortController();
  const changing = changeMany(scene, anyNumber, perSecond, ending.signal);
  await provokeDeadlocks(scene).finally(() => ending.abort());
  await changing;
  stack.simulator.setWebhooks(workspaceId, { duplicate: 0, burst: 0, reorder: false });
  await stack.simulator.settleDeliveries(workspaceId);
  expectAnswered(attemptsSince(scene, workspaceId, from));
});

export const deliveryRows: readonly FaultRow[] = [
  {
    row: 3,
    fault: 'kill -9 of an API that receives deliveries',
    cells: [
      killedWhileReading,
      killedAt('after the body is read', 'postgres', () => ({ markers: [storeDeliveries], side: 'request' })),
      killedBeforeCommit,
      killedAt('after COMMIT, before the answer', 'postgres', () => ({ markers: [storeDeliveries], side: 'answer' })),
      killUnderDeliveries(usualChanges),
      killedAt('while it wakes the mailbox', 'temporal', (scene) => ({
        markers: [buildMailboxWorkflowId({ workspaceId: scene.workspaceId, addonId: newestAddonId(scene) })],
        side: 'request',
      })),
    ],
  },
  { row: 6, fault: 'an API stands still', cells: [suspended] },
  { row: 18, fault: 'the outcome of a commit is unknown', cells: [unknownStores] },
  { row: 19, fault: 'deadlocks', cells: [deadlocks] },
];
