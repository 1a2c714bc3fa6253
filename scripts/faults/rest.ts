import type { LedgerSummary } from '../../simulator/ledger/summary.ts';
import type { Acceptance } from './fault-row.ts';
import type { Scene } from './scene.ts';

/** One that makes up for an absence waits two minutes for deletions, which show late. */
const workflowLimitMs = 240_000;

const running = (workspaceId: string): string => `WorkspaceId = "${workspaceId}" and ExecutionStatus = "Running"`;

/** Until Clockify has no delivery left to send, and none that was stored waits. */
async function awaitDeliveries({ stack, workspaceId, until }: Scene, limitMs: number): Promise<void> {
  await stack.simulator.settleDeliveries(workspaceId, limitMs);
  const sql = `select from webhook_events where workspace_id = $1 and state = 'received' limit 1`;
  await until(async () => (await stack.rows(sql, [workspaceId])).length === 0, limitMs);
}

/** Until the run has ended, where one is to end. */
export async function awaitRunEnd(scene: Scene, { ends }: Acceptance, limitMs: number): Promise<void> {
  if (typeof ends === 'string') return;
  await scene.until(async () => (await scene.runs())[0]?.isFinished === true, limitMs);
}

/** Until all deliveries are done, and nothing of the workspace runs in Temporal any more. */
export async function awaitRest(scene: Scene, accept: Acceptance, limitMs: number): Promise<void> {
  const { stack, workspaceId } = scene;
  if (accept.ends === 'open') return;
  await awaitRunEnd(scene, accept, limitMs);
  // Whatever stays is named by an oracle.
  await awaitDeliveries(scene, limitMs).catch(() => null);
  const isQuiet = async (): Promise<boolean> =>
    (await stack.client.workflow.count(running(workspaceId)).catch(() => null))?.count === 0;
  await scene.until(isQuiet, workflowLimitMs).catch(() => null);
}

/** What was missed because it changed while it was read is found by the next run. Returns the ledger of that run. */
export async function runAgain(scene: Scene, accept: Acceptance, limitMs: number): Promise<LedgerSummary> {
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
export async function retire({ stack, workspaceId }: Scene): Promise<void> {
  try {
    for await (const { workflowId } of stack.client.workflow.list({ query: running(workspaceId) })) {
      await stack.client.workflow.getHandle(workflowId).terminate('the cell is over');
    }
  } catch {
    // One that ended in the meantime.
  }
}
