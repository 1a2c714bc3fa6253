import { setTimeout as sleep } from 'node:timers/promises';
import { buildInstallWorkflowId } from '../../../src/domain/contract.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { attemptsSince, changeMany, everyEventDeclared, expectAnswered, findSlowest, whileTold } from './changes.ts';
import { holdAny, onePageEach } from './steps.ts';

const awayMs = 4_000;
/** What a lifecycle call may take while Temporal hangs, in milliseconds. */
const slowestAnswerMs = 150;

/** 99 of 100 deliveries, in milliseconds. */
const slowestDeliveryMs = 100;
/** From the return of Temporal until nothing waits. */
const drainMs = 60_000;

type Ending = 'stop' | 'kill';

/** What an API says to Temporal when it starts the install workflow of this scene, whatever the add-on's id. */
const startOfInstall = ({ workspaceId }: Scene): string => buildInstallWorkflowId({ workspaceId, addonId: '' });

const restarts = (ending: Ending): readonly FaultCell[] => [
  {
    moment: 'idle, and an install comes meanwhile',
    begins: 'cold',
    async inject(scene) {
      await scene.stack.temporal.stop(ending);
      await expectAccepted(scene);
      await sleep(awayMs);
      await scene.stack.temporal.start();
    },
  },
  {
    moment: 'in the middle of a run',
    isMixable: true,
    async inject({ stack: { temporal } }) {
      await temporal.stop(ending);
      await sleep(awayMs);
      await temporal.start();
    },
    accept: { refetched: onePageEach },
  },
  {
    moment: 'while a workflow is being started',
    begins: 'cold',
    async inject(scene) {
      const { apis, temporal } = scene.stack;
      const starting = holdAny(scene, apis, 'temporal', { markers: [startOfInstall(scene)], side: 'request' });
      await expectAccepted(scene);
      const { held } = await starting;
      await temporal.stop(ending);
      held.cut();
      await temporal.start();
    },
  },
];

const hanging: FaultCell = {
  moment: 'an install comes, and the start of its workflow hangs',
  begins: 'cold',
  async inject(scene) {
    const { apis } = scene.stack;
    for (const { temporal } of apis) {
      temporal.setMode({ kind: 'silent' });
      temporal.freeze();
    }
    await expectAccepted(scene, slowestAnswerMs);
    await sleep(awayMs);
  },
};

const hangingWorkers: FaultCell = {
  moment: 'in the middle of a run, between workers and Temporal',
  isMixable: true,
  async inject({ stack: { workers } }) {
    for (const { temporal } of workers) {
      temporal.setMode({ kind: 'silent' });
      temporal.freeze();
    }
    await sleep(awayMs);
  },
  accept: { refetched: onePageEach, recoveryMs: 60_000 },
};

const answerLost: FaultCell = {
  moment: 'on the way back to the outbox relay',
  begins: 'cold',
  async inject(scene) {
    const moment = { markers: [startOfInstall(scene)], side: 'answer' } as const;
    const starting = holdAny(scene, scene.stack.apis, 'temporal', moment);
    await expectAccepted(scene);
    const { held } = await starting;
    await sleep(500);
    held.cut();
  },
};

/** Workspaces that are installed besides. */
const others = ['a', 'b'];

const awayWhileTold = whileTold(
  'for seconds instead of half an hour; deliveries and two installs come',
  async (scene) => {
    const { stack, workspaceId } = scene;
    const { temporal, simulator, baseUrl } = stack;
    await temporal.stop('stop');
    const from = Date.now();
    await changeMany(scene, 300, 50);
    const ids = others.map((letter) => `${letter}${workspaceId.slice(1)}`);
    for (const id of ids) {
      const { status } = await simulator.install(`${baseUrl}/manifest`, {
        profile: 'XS',
        workspaceId: id,
        ...everyEventDeclared,
      });
      if (status !== 204) throw new Error(`an INSTALLED was answered ${status}`);
    }
    await simulator.settleDeliveries(workspaceId);
    const attempts = attemptsSince(scene, workspaceId, from);
    await temporal.start();
    await scene.until(async () => (await stack.rows(waitingSql, [workspaceId])).length === 0, drainMs * scene.patience);
    await scene.until(async () => (await stack.rows(endedSql, [ids])).length === ids.length, 180_000);
    expectAnswered(attempts);
    const slowest = findSlowest(attempts);
    if (slowest > slowestDeliveryMs * scene.patience) throw new Error(`deliveries were answered after ${slowest} ms`);
  },
);

const waitingSql = `select from webhook_events where workspace_id = $1 and state = 'received' limit 1`;
const endedSql = `select from bootstrap_jobs where workspace_id = any($1) and status = 'COMPLETED'`;

async function expectAccepted(scene: Scene, withinMs?: number): Promise<void> {
  const { status, ms } = await scene.install();
  if (status !== 204) throw new Error(`INSTALLED was answered ${status}`);
  if (withinMs !== undefined && ms > withinMs * scene.patience)
    throw new Error(`INSTALLED was answered after ${ms} ms`);
}

export const temporalRows: readonly FaultRow[] = [
  { row: 7, fault: 'Temporal stops and starts again', cells: restarts('stop') },
  { row: 8, fault: 'kill -9 of Temporal', cells: restarts('kill') },
  { row: 9, fault: 'Temporal is away', cells: [awayWhileTold] },
  { row: 10, fault: 'Temporal hangs', cells: [hanging, hangingWorkers] },
  { row: 12, fault: 'a start is accepted, its answer lost', cells: [answerLost] },
];
