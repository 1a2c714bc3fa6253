import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { readStatus } from '../support/run.ts';
import { waitUntil } from '../support/wait-until.ts';

let addon: Addon;

beforeAll(async () => {
  addon = await startAddon({ workers: 1 });
}, 120_000);

afterAll(() => addon.stop(), 60_000);

it('learns the 30 requests an hour of a FREE workspace, and spends them on what pickers need', async () => {
  const { simulator, baseUrl } = addon;
  const { workspaceId } = await simulator.install(`${baseUrl}/manifest`, { profile: 'XS' });
  await waitUntil(async () => (await readStatus(addon, workspaceId)).budget.hourlyLimit === 30, 60_000);
  const { entities, status } = await readStatus(addon, workspaceId);
  expect(status).toBe('RUNNING');
  const done = entities.filter(({ complete }) => complete === true).map(({ entity }) => entity);
  expect(done).toEqual(expect.arrayContaining(['workspace', 'users', 'projects', 'clients', 'tags']));
  const { statuses } = simulator.ledger(workspaceId);
  expect(statuses['429']).toBeLessThanOrEqual(8);
}, 120_000);
