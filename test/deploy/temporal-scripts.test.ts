import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { searchAttributes } from '../../src/domain/contract.ts';
import { root } from './compose-file.ts';

const run = promisify(execFile);
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'temporal-scripts-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A program that notes its calls, and then does this. */
const writeTool = (name: string, body: string): Promise<void> =>
  writeFile(join(directory, name), `#!/bin/sh\necho "$*" >> ${directory}/calls\n${body}\n`, { mode: 0o755 });

/** What the tool was called with while the script ran. */
async function callsOf(script: string): Promise<string[]> {
  const env = { PATH: `${directory}:/usr/bin:/bin` };
  await run('/bin/sh', [join(root, 'deploy/temporal', script)], { env });
  return (await readFile(join(directory, 'calls'), 'utf8')).trim().split('\n');
}

const attributeCommands = searchAttributes.map(
  (name) => `operator search-attribute create --namespace default --name ${name} --type Keyword`,
);

test('a new server gets the namespace, 30 days of history and every search attribute we use', async () => {
  await writeTool('temporal', 'case "$*" in *describe*) exit 1 ;; esac');
  expect(await callsOf('namespace.sh')).toEqual([
    'operator namespace describe --namespace default',
    'operator namespace create --namespace default --retention 720h',
    'operator search-attribute list --namespace default',
    ...attributeCommands,
  ]);
});

test('what is there already is left as it is', async () => {
  await writeTool('temporal', `case "$*" in *list*) printf '%s Keyword\\n' ${searchAttributes.join(' ')} ;; esac`);
  expect(await callsOf('namespace.sh')).toEqual([
    'operator namespace describe --namespace default',
    'operator search-attribute list --namespace default',
  ]);
});

test('a namespace that cannot be used yet is asked again', async () => {
  const once = `case "$*" in *list*) [ -e ${directory}/asked ] || { touch ${directory}/asked; exit 1; } ;; esac`;
  await writeTool('temporal', once);
  const lists = (await callsOf('namespace.sh')).filter((call) => call.includes('list'));
  expect(lists).toHaveLength(2);
});

test('each database gets its version table, then its schema', async () => {
  await writeTool('temporal-sql-tool', `echo "$SQL_DATABASE" >> ${directory}/calls`);
  expect(await callsOf('schema.sh')).toEqual([
    'setup-schema -v 0.0',
    'temporal',
    'update-schema --schema-name postgresql/v12/temporal',
    'temporal',
    'setup-schema -v 0.0',
    'temporal_visibility',
    'update-schema --schema-name postgresql/v12/visibility',
    'temporal_visibility',
  ]);
});

test('a schema that fails ends the job with a failure', async () => {
  await writeTool('temporal-sql-tool', 'case "$*" in update*) exit 1 ;; esac');
  await expect(callsOf('schema.sh')).rejects.toThrow();
});
