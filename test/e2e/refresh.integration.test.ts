import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { compareWithTruth, readStatus, waitForEnd, waitForStatus } from '../support/run.ts';
import { waitUntil } from '../support/wait-until.ts';

let addon: Addon;
beforeAll(async () => {
  addon = await startAddon({ workers: 1 });
}, 120_000);
afterAll(() => addon.stop(), 60_000);

const isEqual = async (workspaceId: string): Promise<boolean> => {
  const { mirror, truth } = await compareWithTruth(addon, workspaceId, await readStatus(addon, workspaceId));
  return JSON.stringify(mirror) === JSON.stringify(truth);
};

async function installAndCopy(workspaceId: string, feeds: 'faithful' | 'refused'): Promise<void> {
  const { simulator, baseUrl } = addon;
  const { status } = await simulator.install(`${baseUrl}/manifest`, { workspaceId, profile: 'XS', plan: 'ENTERPRISE' });
  expect(status).toBe(204);
  simulator.setFeeds(workspaceId, { answer: feeds });
  // Deletions show at once.
  simulator.setWebhooks(workspaceId, { speed: 1_000_000 });
  expect((await waitForEnd(addon, workspaceId)).status).toBe('COMPLETED');
  expect(await isEqual(workspaceId)).toBe(true);
}

/** As people change a workspace: something new, something else, something gone, in several kinds. */
function change(workspaceId: string): void {
  const { simulator } = addon;
  for (const entity of ['tags', 'clients', 'time_entries', 'user_groups', 'holidays'] as const) {
    const [first, second] = simulator.rows(workspaceId, entity).map(({ id }) => String(id));
    simulator.mutate(workspaceId, {
      entity,
      insert: 2,
      ...(first !== undefined && { remove: [first] }),
      ...(second !== undefined &&
        entity !== 'time_entries' && { update: [{ key: second, fields: { name: 'other' } }] }),
    });
  }
}

describe.each([
  ['and the feeds of changes tell what was missed', 'c00000000000000000000001', 'faithful'],
  ['and only reading everything again can tell', 'c00000000000000000000002', 'refused'],
] as const)('a copy stays right %s', (_, workspaceId, feeds) => {
  beforeAll(() => installAndCopy(workspaceId, feeds), 120_000);

  it('while webhooks come', async () => {
    const { simulator } = addon;
    const project = simulator.mutate(workspaceId, { entity: 'projects', insert: 3 }).inserted[0] ?? '';
    simulator.mutate(workspaceId, { entity: 'projects', update: [{ key: project, fields: { name: 'renamed' } }] });
    const entry = String(simulator.rows(workspaceId, 'time_entries')[0]?.['id']);
    simulator.mutate(workspaceId, { entity: 'time_entries', insert: 3, remove: [entry] });
    await simulator.settleDeliveries(workspaceId);
    await waitUntil(() => isEqual(workspaceId), 60_000);
    const { entities } = await readStatus(addon, workspaceId);
    expect(entities.find(({ entity }) => entity === 'projects')?.lastEventAt).toMatch(/Z$/);
  }, 90_000);

  it('after it was switched off and on again, by itself', async () => {
    const { simulator } = addon;
    await simulator.setStatus(workspaceId, 'INACTIVE');
    change(workspaceId);
    expect(await isEqual(workspaceId).catch(() => false)).toBe(false);
    await simulator.setStatus(workspaceId, 'ACTIVE');
    await waitUntil(() => isEqual(workspaceId).catch(() => false), 120_000);
    await waitForStatus(addon, workspaceId, ({ finishedAt }) => finishedAt !== null);
    expect(await isEqual(workspaceId)).toBe(true);
  }, 180_000);
});
