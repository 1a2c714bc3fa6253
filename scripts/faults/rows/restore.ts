import { rowDigest } from '../../../simulator/world/truth.ts';
import type { BootstrapStatus } from '../../../src/domain/bootstrap-status.ts';
import { buildBootstrapWorkflowId, buildRefreshId } from '../../../src/domain/contract.ts';
import { restoreBackup, takeBackup } from '../backup.ts';
import type { FaultCell, FaultRow, Span } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { changedKinds, changeMany, whileTold } from './changes.ts';
import { newestAddonId } from './installation.ts';

const changes = 40;
const perSecond = 20;
const startedPages = 20;
/** Until a run that the database does not know has ended. */
const lostMs = 60_000;

/** What a restored workspace has to make up for. */
interface Gap {
  /** Deliveries answered in between went with the database. */
  readonly forgotten: Span;
  /** Rows that the mirror holds otherwise than Clockify, and the changes that the status called missed before. */
  readonly rows: number;
  readonly missedBefore: number;
}

const gaps = new WeakMap<Scene, Gap>();

const refOf = (scene: Scene) => ({ workspaceId: scene.workspaceId, addonId: newestAddonId(scene) });

const waitingSql = `select from webhook_events where workspace_id = $1 and state = 'received' limit 1`;

/** Until all changes are told and the mirror has them. */
async function changeAndSettle(scene: Scene): Promise<void> {
  const { stack, workspaceId } = scene;
  await changeMany(scene, changes, perSecond);
  await stack.simulator.settleDeliveries(workspaceId);
  await scene.until(async () => (await stack.rows(waitingSql, [workspaceId])).length === 0);
}

async function countDifferences({ stack, workspaceId }: Scene): Promise<number> {
  const stored = await stack.rows<{ key: string; hash: string }>(
    `select entity_type || ':' || entity_id as key, hash from workspace_data
     where workspace_id = $1 and entity_type = any($2) and deleted_at is null`,
    [workspaceId, changedKinds],
  );
  const held = new Map(stored.map(({ key, hash }) => [key, hash]));
  const real = new Map<string, string>(
    changedKinds.flatMap((entity) =>
      stack.simulator.rows(workspaceId, entity).map((row) => [`${entity}:${String(row['id'])}`, rowDigest(row)]),
    ),
  );
  return [...new Set([...held.keys(), ...real.keys()])].filter((key) => held.get(key) !== real.get(key)).length;
}

/** Changes that no event told, as an admin is shown them. */
async function readMissed(scene: Scene): Promise<number> {
  const answer = await scene.call(`/bootstrap/${scene.workspaceId}/status`);
  if (!answer.ok) throw new Error(`the status was answered ${answer.status}`);
  const { entities } = (await answer.json()) as BootstrapStatus;
  return entities.reduce((sum, { missed }) => sum + missed, 0);
}

/** In the order of the runbook: everything stops, and starts with what was stored then. */
async function restoreAll({ stack }: Scene, backup: string, age: () => Promise<unknown>): Promise<void> {
  const parts = [...stack.apis, ...stack.workers];
  await Promise.all(parts.map((part) => part.stop('SIGTERM')));
  await restoreBackup(stack, backup);
  await age();
  await Promise.all(parts.map((part) => part.start()));
}

const nothing = (): Promise<void> => Promise.resolve();

/** Loses what was told since the backup, and what `meanwhile` does; what is told afterwards arrives again. */
async function goBack(scene: Scene, { meanwhile = nothing, age = nothing }): Promise<void> {
  await changeAndSettle(scene);
  const from = Date.now();
  const backup = await takeBackup(scene.stack, scene.workspaceId);
  await changeAndSettle(scene);
  await meanwhile();
  await restoreAll(scene, backup, age);
  const to = Date.now();
  await changeAndSettle(scene);
  const rows = await countDifferences(scene);
  if (rows === 0) throw new Error('the backup lost nothing');
  gaps.set(scene, { forgotten: { from, to }, rows, missedBefore: await readMissed(scene) });
}

/** Stands for the minutes between a backup and its restore, which nobody wants to wait: all else is young. */
const ageSql = `update receiver set alive_at = alive_at - interval '5 minutes'`;

const noticed = whileRestored('of five minutes ago, and that is noticed', async (scene) => {
  const { stack } = scene;
  await goBack(scene, { age: async () => void (await stack.rows(ageSql)) });
  // Its next turn, which comes within ten minutes.
  await stack.client.schedule.getHandle(buildRefreshId(refOf(scene))).trigger();
  await scene.until(async () => (await scene.runs()).some(({ isRefresh }) => isRefresh));
});

async function post(scene: Scene, path: string): Promise<void> {
  const answer = await scene.call(`/bootstrap/${scene.workspaceId}${path}`, {});
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status} ${await answer.text()}`);
}

const lostRun = whileRestored('and Temporal alone knows of a run that began since it', async (scene) => {
  const { workflow } = scene.stack.client;
  const before = (await scene.runs()).length;
  async function beginRun(): Promise<void> {
    await post(scene, '');
    await scene.until(async () => (await scene.runs()).length > before);
    if (!(await scene.untilPages(startedPages))) throw new Error('the run ended before the restore');
  }
  await goBack(scene, { meanwhile: beginRun });
  const run = workflow.getHandle(buildBootstrapWorkflowId(refOf(scene)));
  await scene.until(async () => (await run.describe()).status.name !== 'RUNNING', lostMs * scene.patience);
  await post(scene, '/restart-all');
  await scene.until(async () => (await scene.runs()).length > before);
});

function whileRestored(moment: string, strike: (scene: Scene) => Promise<void>): FaultCell {
  return whileTold(moment, strike, {
    forgotten: (scene) => gaps.get(scene)?.forgotten,
    async check(scene) {
      const { rows, missedBefore } = gaps.get(scene) ?? { rows: 0, missedBefore: 0 };
      const missed = (await readMissed(scene)) - missedBefore;
      return missed === rows ? [] : [`${rows} rows had to be made up for, and ${missed} are called missed`];
    },
  });
}

export const restoreRows: readonly FaultRow[] = [
  { row: 56, fault: 'the database is restored from a backup', cells: [noticed, lostRun] },
];
