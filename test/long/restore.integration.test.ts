import { execFileSync } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { compareWithTruth, waitForEnd, waitForStatus } from '../support/run.ts';

let addon: Addon;
let backup: string;

beforeAll(async () => {
  addon = await startAddon({ workers: 1 });
  backup = join(addon.logs, 'backup');
  await mkdir(backup);
}, 180_000);
afterAll(() => addon.stop(), 60_000);

/** Both stores of one moment: PostgreSQL's directory, and the file of Temporal with what belongs to it. */
async function listStores(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  return names
    .filter((name) => name === 'postgres' || name.startsWith('temporal.db'))
    .map((name) => join(directory, name));
}

function copyInto(sources: readonly string[], directory: string): void {
  execFileSync('cp', ['--archive', ...sources, directory]);
}

/** With Temporal and PostgreSQL down; API and workers are up, and wait. */
const whileStopped = (work: () => Promise<void>): Promise<void> =>
  addon.restartTemporal(() => addon.restartPostgres('fast', work));

test('a cluster that is lost in the middle of a run goes on from its backup, tokens and all', async () => {
  const { workspaceId } = await addon.simulator.install(`${addon.baseUrl}/manifest`, { profile: 'S' });
  await waitForStatus(addon, workspaceId, ({ requests }) => requests > 100);
  await whileStopped(async () => copyInto(await listStores(addon.logs), backup));
  const atBackup = await waitForStatus(addon, workspaceId, ({ requests }) => requests > 300);

  await whileStopped(async () => {
    for (const store of await listStores(addon.logs)) await rm(store, { recursive: true });
    copyInto(await listStores(backup), addon.logs);
  });

  const restored = await waitForStatus(addon, workspaceId, () => true);
  expect(restored.requests).toBeLessThan(atBackup.requests);
  const status = await waitForEnd(addon, workspaceId);
  expect(status).toMatchObject({ status: 'COMPLETED', runId: atBackup.runId });
  const { mirror, truth } = await compareWithTruth(addon, workspaceId, status);
  expect(mirror).toEqual(truth);
}, 300_000);
