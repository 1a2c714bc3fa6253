import type { FaultCell } from './fault-row.ts';
import { judge } from './judge.ts';
import { judgeUsage, recordUsage } from './oracles/resources.ts';
import type { Random } from './random.ts';
import { measureRecovery } from './recovery.ts';
import { awaitRest, awaitRunEnd, retire, runAgain } from './rest.ts';
import { createScene } from './scene.ts';
import type { Scene } from './scene.ts';
import type { Stack } from './stack.ts';
import { startWatch } from './watch.ts';
import type { Watch } from './watch.ts';

export interface CellResult {
  readonly lost: number;
  readonly duplicated: number;
  readonly refetched: number;
  /** Null when there was nothing left to recover. */
  readonly recoveryMs: number | null;
  readonly breaches: readonly string[];
}

export interface CellOptions {
  readonly random: Random;
  /** Bars of time are this many times as long: for a machine that is busy with other things. */
  readonly patience: number;
  /** How long a run may take. */
  readonly limitMs?: number;
}

const pagesBeforeFault = 20;
const defaultRecoveryMs = 30_000;
const defaultLimitMs = 180_000;

let nextWorkspace = 1;
const newWorkspaceId = (): string => `f${(nextWorkspace++).toString(16).padStart(23, '0')}`;

/** Strikes one workspace with one fault, heals, waits until everything has come to rest, and lets the oracles judge. */
export async function runCell(stack: Stack, cell: FaultCell, options: CellOptions): Promise<CellResult> {
  const { random, patience } = options;
  const over = new AbortController();
  const scene = createScene({ stack, workspaceId: newWorkspaceId(), random, patience, over: over.signal });
  stack.simulator.resetLedger();
  const watch = startWatch(scene);
  const result = await strikeAndJudge(scene, cell, watch, options.limitMs).catch(giveUp('not judged'));
  over.abort(new Error('the cell is over'));
  await watch.stop();
  const healed = await stack.heal().then(() => result, giveUp('not healed'));
  await retire(scene);
  return healed;
}

const giveUp =
  (what: string) =>
  (error: unknown): CellResult => {
    const [reason] = String(error).split('\n');
    return { lost: 0, duplicated: 0, refetched: 0, recoveryMs: null, breaches: [`${what}: ${reason}`] };
  };

async function strikeAndJudge(
  scene: Scene,
  cell: FaultCell,
  watch: Watch,
  limitMs = defaultLimitMs,
): Promise<CellResult> {
  const { accept = {} } = cell;
  const { stack, workspaceId, patience } = scene;
  const usage = recordUsage(stack);
  if (cell.begins !== 'cold') await begin(scene, cell);
  const from = Date.now();
  await cell.inject(scene);
  // Recovery counts from the lifting; parts that are started again meanwhile belong to the healing.
  const [recoveryMs] = await Promise.all([measureRecovery(scene, accept), stack.heal()]);
  const disturbed = { from, to: Date.now() };
  await awaitRunEnd(scene, accept, limitMs);
  const ledger = stack.simulator.ledger(workspaceId);
  // One that makes up for an absence may have begun by then; what it reads again it reads on purpose.
  const isMixed = (await scene.runs()).some(({ isRefresh }) => isRefresh);
  const ledgers = [isMixed ? { ...ledger, repeated: [] } : ledger];
  await awaitRest(scene, accept, limitMs);
  ledgers.push(stack.simulator.ledger(workspaceId));
  if (accept.reruns === true) ledgers.push(await runAgain(scene, accept, limitMs));
  await watch.stop();
  const { breaches, ...counts } = await judge({ scene, accept, watch, ledgers, disturbed });
  const bar = (accept.recoveryMs ?? defaultRecoveryMs) * patience;
  const late = (recoveryMs ?? 0) > bar ? [`recovered after ${recoveryMs} ms, the bar is ${bar}`] : [];
  return {
    ...counts,
    recoveryMs,
    breaches: [...breaches, ...late, ...(await judgeUsage(stack, usage, accept.heldMiB))],
  };
}

async function begin(scene: Scene, { workspace }: FaultCell): Promise<void> {
  await scene.install(workspace);
  if (!(await scene.untilPages(pagesBeforeFault))) throw new Error('the run ended before the fault');
}
