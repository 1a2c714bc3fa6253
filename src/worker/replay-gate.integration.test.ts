import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { testWorkflowBundle } from '../../test/support/temporal.ts';
import { replay } from './replay-gate.ts';

Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'off', forward: {} } } });

const stored = (name: string): Promise<string> =>
  readFile(new URL(`../../test/histories/${name}.json`, import.meta.url), 'utf8');

test('runs that fit are counted, and those that do not are named', async () => {
  const workflowBundle = await testWorkflowBundle();
  const changed = (await stored('bootstrap-projects')).replaceAll('"name": "readPages"', '"name": "readTheOldPages"');
  const histories = [
    { workflowId: 'fits', history: JSON.parse(await stored('install')) as unknown },
    { workflowId: 'does-not', history: JSON.parse(changed) as unknown },
  ];
  const { replayed, misfits } = await replay({ workflowBundle }, histories);
  expect(replayed).toBe(2);
  expect(misfits).toEqual([expect.stringContaining('does-not: ')]);
}, 60_000);

test('where nothing is under way nothing can be wrong', async () => {
  const workflowBundle = await testWorkflowBundle();
  expect(await replay({ workflowBundle }, [])).toEqual({ replayed: 0, misfits: [] });
}, 60_000);
