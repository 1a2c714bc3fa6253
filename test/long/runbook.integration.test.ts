import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findTemporalBinary } from '../../scripts/stack/temporal-binary.ts';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { startIdentityProvider } from '../support/identity-provider.ts';
import type { IdentityProvider } from '../support/identity-provider.ts';
import { compareWithTruth, waitForEnd, waitForStatus } from '../support/run.ts';
import { readCommands, root } from '../docs/commands.ts';

const run = promisify(execFile);
const toRun = (document: string) =>
  readCommands(document)
    .filter(({ mark }) => mark === 'run')
    .map(({ place, script }) => [place, script] as const);

let provider: IdentityProvider;
let addon: Addon;
let workspaceId: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  provider = await startIdentityProvider();
  const operators = {
    OPERATOR_JWKS_URL: provider.jwksUrl,
    OPERATOR_ISSUER: provider.issuer,
    OPERATOR_AUDIENCE: 'operations',
  };
  addon = await startAddon({ workers: 1, env: operators });
  const installed = await addon.simulator.install(`${addon.baseUrl}/manifest`, { profile: 'S' });
  ({ workspaceId } = installed);
  const temporal = dirname(await findTemporalBinary({ log: () => {} }));
  env = {
    ...addon.env,
    // The Node of the tests, and the CLI wherever it was found.
    PATH: [dirname(process.execPath), temporal, process.env['PATH']].join(':'),
    API: addon.baseUrl,
    WORKSPACE: workspaceId,
    ADDON: installed.addonId,
    OPERATOR_TOKEN: await provider.sign(),
  };
  await waitForStatus(addon, workspaceId, ({ requests }) => requests > 50);
}, 240_000);

afterAll(async () => {
  await addon.stop();
  await provider.close();
}, 60_000);

const execute = (script: string) =>
  run('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env, timeout: 90_000 });

test.each(toRun('docs/runbook.md'))(
  'runbook: %s',
  async (_, script) => {
    expect((await execute(script)).stdout).not.toBe('');
  },
  120_000,
);

test.each(toRun('docs/deployment.md'))(
  'deployment: %s',
  async (_, script) => {
    await execute(script);
  },
  120_000,
);

test('after all of it the run ends with a copy that is equal to the workspace', async () => {
  const status = await waitForEnd(addon, workspaceId);
  expect(status.status).toBe('COMPLETED');
  const { mirror, truth } = await compareWithTruth(addon, workspaceId, status);
  expect(mirror).toEqual(truth);
}, 300_000);
