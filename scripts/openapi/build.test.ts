import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('build.ts', import.meta.url));
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openapi-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const run = (...facts: string[]): { status: number | null; stderr: string } =>
  spawnSync(process.execPath, [script, ...facts], { cwd: directory, encoding: 'utf8' });

it('asks for both fact files', () => {
  expect(run('operations.json')).toMatchObject({ status: 1, stderr: expect.stringContaining('Usage') });
});

it('writes nothing when the facts do not cover the summaries', () => {
  writeFileSync(join(directory, 'operations.json'), '[]');
  writeFileSync(join(directory, 'schemas.json'), '{}');
  expect(run('operations.json', 'schemas.json')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('Summaries of unknown operations'),
  });
  expect(existsSync(join(directory, 'openapi.json'))).toBe(false);
});
