import { workflowNames } from '../../../src/domain/contract.ts';
import { breachIf } from './oracle.ts';
import type { Oracle } from './oracle.ts';

/** WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND: a signal came while the workflow was about to end; it looks again. */
const overtaken = 1;

/** No workflow is left running, none failed in its own code, and there is one run for each that was asked for. */
export const judgeWorkflows: Oracle = async ({ scene: { stack, workspaceId }, accept }) => {
  const { workflow } = stack.client;
  const breaches: string[] = [];
  const bootstraps = new Set<string>();
  for await (const found of workflow.list({ query: `WorkspaceId = "${workspaceId}"` })) {
    const { workflowId, runId, status, type } = found;
    breaches.push(...breachIf(status.name === 'RUNNING' && accept.ends !== 'open', `${workflowId} still runs`));
    breaches.push(
      ...breachIf(status.name === 'TERMINATED' || status.name === 'TIMED_OUT', `${workflowId} ${status.name}`),
    );
    const { events = [] } = await workflow.getHandle(workflowId, runId).fetchHistory();
    const failed = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: task }) =>
      task?.cause === overtaken ? [] : (task?.failure?.message ?? []),
    );
    breaches.push(...failed.map((message) => `${workflowId}: workflow task failed: ${message}`));
    if (type === workflowNames.bootstrap && status.name !== 'CONTINUED_AS_NEW') bootstraps.add(runId);
  }
  const runs = await stack.rows('select from bootstrap_jobs where workspace_id = $1', [workspaceId]);
  const twice = Math.max(0, runs.length - bootstraps.size);
  return {
    duplicated: twice,
    breaches: [...breaches, ...breachIf(twice > 0, `${runs.length} runs of ${bootstraps.size} workflows`)],
  };
};
