import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { holdAny, isOver, statements } from './steps.ts';

const { storePage, writeOutbox, commit } = statements;
const cuts = 20;

async function cutCommit(scene: Scene): Promise<boolean> {
  const { workers } = scene.stack;
  const next = holdAny(scene, workers, 'postgres', { markers: [storePage, commit], side: 'answer' });
  const found = await Promise.race([next.catch(() => null), sleep(15_000, null)]);
  found?.held.cut();
  return found !== null && !(await isOver(scene));
}

const unknownCommits: readonly FaultCell[] = [
  {
    moment: 'of an install',
    begins: 'cold',
    async inject(scene) {
      const { apis } = scene.stack;
      const committing = holdAny(scene, apis, 'postgres', { markers: [writeOutbox, commit], side: 'answer' });
      const installing = scene.install();
      const { held } = await committing;
      held.cut();
      await installing;
    },
    accept: { mayRefuse: true },
  },
  {
    moment: `of a page, ${cuts} times`,
    isMixable: true,
    async inject(scene) {
      for (let cut = 0; cut < cuts; cut++) if (!(await cutCommit(scene))) return;
    },
    accept: { mayRefuse: true, refetched: cuts },
  },
];

/** Takes the rows of a page loop in the other order than a worker that takes the loop over. */
async function provokeDeadlock({ stack, workspaceId }: Scene): Promise<void> {
  await stack
    .rows(
      `do $$ begin
         perform from bootstrap_loops where workspace_id = '${workspaceId}' for update;
         perform pg_sleep(1);
         perform from bootstrap_endpoints where workspace_id = '${workspaceId}' for update;
       end $$`,
    )
    // The victim may be this side.
    .catch(() => null);
}

const deadlocks: FaultCell = {
  moment: 'between a page loop that is taken over and somebody else, five times',
  isMixable: true,
  async inject(scene) {
    const { simulator } = scene.stack;
    const id = simulator.addFault(scene.workspaceId, { kind: 'status', status: 503, durationMs: 8_000 });
    for (let time = 0; time < 5; time++) await provokeDeadlock(scene);
    simulator.clearFaults(scene.workspaceId, id);
  },
};

export const commitRows: readonly FaultRow[] = [
  { row: 18, fault: 'the outcome of a commit is unknown', cells: unknownCommits },
  { row: 19, fault: 'deadlocks', cells: [deadlocks] },
];
