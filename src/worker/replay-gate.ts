import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { ReplayWorkerOptions } from '@temporalio/worker';
import { taskQueue } from '../domain/contract.ts';
import { loadConfig } from '../platform/config.ts';

type Histories = Parameters<typeof Worker.runReplayHistories>[1];

export interface ReplayVerdict {
  readonly replayed: number;
  /** Runs that this code could not go on with, each with the reason. */
  readonly misfits: readonly string[];
}

/** Runs stored histories through the workflow code given; changes nothing anywhere. */
export async function replay(options: ReplayWorkerOptions, histories: Histories): Promise<ReplayVerdict> {
  let replayed = 0;
  const misfits: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    replayed += 1;
    if (error !== undefined) misfits.push(`${workflowId}: ${error.message}`);
  }
  return { replayed, misfits };
}

/** Replays every run under way on the configured server. Exit code 1 names those that must not meet this code. */
async function main(): Promise<void> {
  const { temporalAddress: address, temporalNamespace: namespace } = loadConfig(process.env);
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection, namespace });
    const underWay = workflow.list({ query: `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'` });
    const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
    const { replayed, misfits } = await replay({ workflowsPath }, underWay.intoHistories());
    for (const misfit of misfits) process.stdout.write(`does not fit: ${misfit}\n`);
    process.stdout.write(`${replayed} run(s) replayed, ${misfits.length} do not fit\n`);
    process.exitCode = misfits.length === 0 ? 0 : 1;
  } finally {
    await connection.close();
  }
}

if (import.meta.main) await main();
