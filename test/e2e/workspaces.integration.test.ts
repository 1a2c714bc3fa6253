import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { callAsOwner, compareWithTruth, waitForEnd } from '../support/run.ts';

let addon: Addon;
const ids = ['b00000000000000000000001', 'b00000000000000000000002'] as const;

beforeAll(async () => {
  addon = await startAddon({ workers: 2 });
}, 120_000);

afterAll(() => addon.stop(), 60_000);

it('copies two workspaces at once, each at its own rate and into its own rows', async () => {
  await Promise.all(
    ids.map((workspaceId, seed) =>
      addon.simulator.install(`${addon.baseUrl}/manifest`, { profile: 'XS', plan: 'ENTERPRISE', workspaceId, seed }),
    ),
  );
  for (const workspaceId of ids) {
    const status = await waitForEnd(addon, workspaceId);
    const { mirror, truth } = await compareWithTruth(addon, workspaceId, status);
    expect(mirror).toEqual(truth);
    expect(addon.simulator.ledger(workspaceId).maxInAnySecond).toBeLessThanOrEqual(50);
  }
}, 180_000);

it.each(['status', 'pause', 'resume', ''])("does not let one workspace's admin reach the other's %s", async (verb) => {
  const path = `/bootstrap/${ids[1]}${verb === '' ? '' : `/${verb}`}`;
  const answer = await callAsOwner(addon, ids[0], path, verb === 'status' ? undefined : {});
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain('rows');
});
