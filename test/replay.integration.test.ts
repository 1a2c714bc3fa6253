import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { testWorkflowBundle } from './support/temporal.ts';

// Recorded with `temporal workflow show -w ID --output json` from runs of the demo and of tests. A workflow's code may change only
// so that runs already under way go on: record new histories beside these, and change code with `patched`.
const directory = new URL('histories/', import.meta.url);
const stored = readdirSync(directory);

Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'off', forward: {} } } });

const readHistory = (name: string): unknown => JSON.parse(readFileSync(new URL(name, directory), 'utf8'));

it.each(stored)(
  "today's code goes on with the stored run %s",
  async (name) => {
    const workflowBundle = await testWorkflowBundle();
    await Worker.runReplayHistory({ workflowBundle }, readHistory(name));
  },
  60_000,
);

it('stores a run of every workflow', () => {
  const types = stored.map((name) => JSON.stringify(readHistory(name)).match(/"workflowType":\{"name":"(\w+)"/)?.[1]);
  expect(new Set(types)).toEqual(
    new Set([
      'bootstrapWorkflow',
      'entityWorkflow',
      'installWorkflow',
      'mailboxWorkflow',
      'refreshWorkflow',
      'retentionWorkflow',
      'uninstallWorkflow',
    ]),
  );
});

it('notices a run that today’s code would have made differently', async () => {
  const workflowBundle = await testWorkflowBundle();
  const changed = JSON.parse(
    JSON.stringify(readHistory('bootstrap-projects.json')).replaceAll('"name":"readPages"', '"name":"readTheOldPages"'),
  ) as unknown;
  await expect(Worker.runReplayHistory({ workflowBundle }, changed)).rejects.toThrow();
}, 60_000);
