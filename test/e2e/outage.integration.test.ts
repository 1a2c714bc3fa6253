import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { compareWithTruth, waitForEnd, waitForStatus } from '../support/run.ts';

let addon: Addon;

beforeAll(async () => {
  addon = await startAddon({ workers: 1 });
}, 120_000);

afterAll(() => addon.stop(), 60_000);

it('completes although Temporal is killed and Postgres stopped in the middle', async () => {
  const { workspaceId } = await addon.simulator.install(`${addon.baseUrl}/manifest`, { profile: 'S', seed: 13 });
  await waitForStatus(addon, workspaceId, ({ requests }) => requests >= 200);
  await addon.restartTemporal();
  await waitForStatus(addon, workspaceId, ({ requests }) => requests >= 800);
  await addon.restartPostgres('fast');
  await waitForStatus(addon, workspaceId, ({ requests }) => requests >= 1_400);
  await addon.restartPostgres('kill');
  const status = await waitForEnd(addon, workspaceId);
  expect(status.status).toBe('COMPLETED');
  const { mirror, truth } = await compareWithTruth(addon, workspaceId, status);
  expect(mirror).toEqual(truth);
  expect(addon.simulator.ledger(workspaceId).maxInAnySecond).toBeLessThanOrEqual(50);
}, 400_000);

const small = { profile: 'XS', plan: 'ENTERPRISE' } as const;

it('takes an install while Postgres is away, also when the API dies before it is back', async () => {
  const workspaceId = 'a00000000000000000000001';
  await addon.restartPostgres('fast', async () => {
    const { status } = await addon.simulator.install(`${addon.baseUrl}/manifest`, { ...small, workspaceId });
    expect(status).toBe(204);
    await addon.restartApi();
  });
  expect((await waitForEnd(addon, workspaceId)).status).toMatch(/^COMPLETED/);
}, 120_000);

it('takes an install while Temporal is away', async () => {
  const workspaceId = 'a00000000000000000000002';
  await addon.restartTemporal(async () => {
    const { status } = await addon.simulator.install(`${addon.baseUrl}/manifest`, { ...small, workspaceId });
    expect(status).toBe(204);
  });
  expect((await waitForEnd(addon, workspaceId)).status).toMatch(/^COMPLETED/);
}, 120_000);
