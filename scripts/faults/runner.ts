import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerSummary } from '../../simulator/ledger/summary.ts';
import type { Acceptance, FaultCell } from './fault-row.ts';
import { judge } from './judge.ts';
import { judgeUsage, recordUsage } from './oracles/resources.ts';
import type { Random } from './random.ts';
import { measureRecovery } from './recovery.ts';
import { createScene } from './scene.ts';
import type { Scene } from './scene.ts';
import type { Stack } from './stack.ts';
import { startWatch } from './watch.ts';

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
  const { accept = {} } = cell;
  const over = new AbortController();
  const { random, patience } = options;
  const scene = createScene({ stack, workspaceId: newWorkspaceId(), random, patience, over: over.signal });
  stack.simulator.resetLedger();
  const usage = recordUsage(stack);
  const watch = startWatch(scene);
  try {
    if (cell.begins !== 'cold') {
      await scene.install(cell.workspace);
      if (!(await scene.untilPages(pagesBeforeFault))) throw new Error('the run ended before the fault');
    }
    const from = Date.now();
    const [recoveryMs] = await strike(scene, cell);
    const to = Date.now();
    const limitMs = options.limitMs ?? defaultLimitMs;
    await awaitRest(scene, accept, limitMs);
    const ledgers = [stack.simulator.ledger(scene.workspaceId)];
    if (accept.reruns === true) ledgers.push(await runAgain(scene, accept, limitMs));
    await watch.stop();
    const { breaches, ...counts } = await judge({ scene, accept, watch, ledgers, disturbed: { from, to } });
    const bar = (accept.recoveryMs ?? defaultRecoveryMs) * patience;
    const late = recoveryMs !== null && recoveryMs > bar ? [`recovered after ${recoveryMs} ms, the bar is ${bar}`] : [];
    return { ...counts, recoveryMs, breaches: [...breaches, ...late, ...(await judgeUsage(stack, usage))] };
  } catch (error) {
    return { lost: 0, duplicated: 0, refetched: 0, recoveryMs: null, breaches: [`not judged: ${String(error).split("\n")[0]}`] };
  } finally {
    over.abort(new Error('the cell is over'));
    await watch.stop();
    await stack.heal();
    await retire(scene);
  }
}

/** Recovery counts from the lifting; parts that are started again meanwhile belong to the healing. */
async function strike(scene: Scene, cell: FaultCell): Promise<[number | null]> {
  try {
    await cell.inject(scene);
  } catch (error) {
    await scene.stack.heal();
    throw error;
  }
  const [recoveryMs] = await Promise.all([measureRecovery(scene), scene.stack.heal()]);
  return [recoveryMs];
}

async function awaitRest(scene: Scene, { ends }: Acceptance, limitMs: number): Promise<void> {
  if (ends === 'open' || ends === 'none') return;
  await scene.until(async () => (await scene.runs())[0]?.isFinished === true, limitMs);
  // Whoever waits for the end of the run hears of it a moment later.
  await sleep(500);
}

/** What was missed because it changed while it was read is found by the next run. */
async function runAgain(scene: Scene, accept: Acceptance, limitMs: number): Promise<LedgerSummary> {
  const { simulator } = scene.stack;
  const [before] = await scene.runs();
  simulator.clearFaults(scene.workspaceId);
  simulator.resetLedger();
  const started = await scene.call(`/bootstrap/${scene.workspaceId}`, {});
  if (!started.ok) throw new Error(`the next run was refused: ${started.status} ${await started.text()}`);
  await scene.until(async () => (await scene.runs())[0]?.runId !== before?.runId);
  await awaitRest(scene, accept, limitMs);
  return simulator.ledger(scene.workspaceId);
}

/** A run that did not come to its end must not disturb the next cell. */
async function retire({ stack, workspaceId }: Scene): Promise<void> {
  const open = stack.client.workflow.list({ query: `WorkspaceId = "${workspaceId}" and ExecutionStatus = "Running"` });
  try {
    for await (const { workflowId } of open) {
      await stack.client.workflow.getHandle(workflowId).terminate('the cell is over');
    }
  } catch {
    // One that ended in the meantime.
  }
}
