import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { updateTemporalSchema } from './temporal-schema.ts';

const databaseUrl = new URL('postgresql://temporal:secret@127.0.0.1:54329/temporal');
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'temporal-schema-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function writeTool(exitCode: number): Promise<string> {
  const tool = join(root, 'sql');
  const call = '$SQL_DATABASE $SQL_PLUGIN $SQL_USER:$SQL_PASSWORD@$SQL_HOST:$SQL_PORT $*';
  const program = `#!/bin/sh\necho "${call}" >> ${root}/calls\necho "no such table" >&2\nexit ${exitCode}\n`;
  await writeFile(tool, program, { mode: 0o755 });
  return tool;
}

test('both databases get their version tables, then their schema', async () => {
  await updateTemporalSchema(await writeTool(0), databaseUrl);
  const where = 'postgres12 temporal:secret@127.0.0.1:54329';
  expect((await readFile(join(root, 'calls'), 'utf8')).trim().split('\n')).toEqual([
    `temporal ${where} setup-schema -v 0.0`,
    `temporal ${where} update-schema --schema-name postgresql/v12/temporal`,
    `temporal_visibility ${where} setup-schema -v 0.0`,
    `temporal_visibility ${where} update-schema --schema-name postgresql/v12/visibility`,
  ]);
});

test('what the tool complains of reaches the operator', async () => {
  await expect(updateTemporalSchema(await writeTool(1), databaseUrl)).rejects.toThrow('no such table');
});
