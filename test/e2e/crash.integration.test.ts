import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { compareWithTruth, waitForEnd, waitForStatus } from '../support/run.ts';

let addon: Addon;

beforeAll(async () => {
  addon = await startAddon({ workers: 2 });
}, 120_000);

afterAll(() => addon.stop(), 60_000);

const kills = 5;

it('ends complete and equal after kill -9 of a worker at five random moments', async () => {
  const { workspaceId } = await addon.simulator.install(`${addon.baseUrl}/manifest`, { profile: 'S', seed: 11 });
  for (let kill = 0; kill < kills; kill++) {
    const pages = 200 + kill * 350 + Math.floor(Math.random() * 200);
    await waitForStatus(addon, workspaceId, ({ requests }) => requests >= pages);
    const running = addon.workers.filter((worker) => worker.isRunning());
    await running[kill % running.length]?.stop('SIGKILL');
    await addon.startWorker();
  }
  const status = await waitForEnd(addon, workspaceId);
  expect(status.status).toBe('COMPLETED');
  const { mirror, truth } = await compareWithTruth(addon, workspaceId, status);
  expect(mirror).toEqual(truth);

  const ledger = addon.simulator.ledger(workspaceId);
  const repeated = ledger.repeated.reduce((sum, { count }) => sum + count - 1, 0);
  expect(repeated).toBeLessThanOrEqual(8 * kills);
  expect(ledger.maxInAnySecond).toBeLessThanOrEqual(50);
  expect(ledger.statuses).not.toHaveProperty('429');
}, 400_000);
