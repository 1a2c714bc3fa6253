import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { taskQueue } from '../../src/domain/contract.ts';
import type { InboxPage } from '../../src/domain/inbox.ts';
import type { refreshWorkflow } from '../../src/workflows/refresh.ts';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { callAsOwner, compareWithTruth, readStatus, waitForEnd, waitForStatus } from '../support/run.ts';
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

describe('a copy of which three deliveries in ten never came', () => {
  const workspaceId = 'c00000000000000000000003';
  const kinds = { tags: 'TAG', clients: 'CLIENT', projects: 'PROJECT', time_entries: 'TIME' } as const;
  const names = Object.keys(kinds) as (keyof typeof kinds)[];

  /** A webhook for every event: only then should events tell of all changes of a kind. */
  async function register(): Promise<void> {
    addon.simulator.setWebhooks(workspaceId, { open: true });
    const path = `/bootstrap/${workspaceId}/register-webhooks`;
    const answer = await callAsOwner(addon, workspaceId, path, { reason: 'All events shall come.' });
    expect(answer.status).toBe(200);
    const coverage = await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/coverage`);
    const { entities } = (await coverage.json()) as { entities: { entity: string; way: string }[] };
    for (const name of names) expect(entities.find(({ entity }) => entity === name)?.way).toBe('push');
  }

  async function isInboxDone(): Promise<boolean> {
    const answer = await callAsOwner(addon, workspaceId, '/ui/webhooks?state=received');
    return ((await answer.json()) as InboxPage).lines.length === 0;
  }

  /** Each row changes once, so that each delivery that got lost is one row that is wrong. */
  function changeMuch(): void {
    for (const entity of names) {
      const keys = addon.simulator.rows(workspaceId, entity).map(({ id }) => String(id));
      const field = entity === 'time_entries' ? 'description' : 'name';
      const update = keys.slice(0, 3).map((key) => ({ key, fields: { [field]: `other ${key}` } }));
      addon.simulator.mutate(workspaceId, { entity, insert: 10, update });
    }
  }

  async function compareAll(): Promise<void> {
    const addonId = addon.simulator.hooks(workspaceId)[0]?.addonId ?? '';
    const connection = await Connection.connect({ address: addon.temporalAddress });
    await new Client({ connection }).workflow.start<typeof refreshWorkflow>('refreshWorkflow', {
      taskQueue,
      workflowId: `refresh:${workspaceId}:test`,
      args: [{ workspaceId, addonId, requestId: 'request-1', isCatchingUp: true }],
    });
    await connection.close();
  }

  it('is equal after one comparison, which tells how many changes no event had told', async () => {
    const { simulator } = addon;
    await installAndCopy(workspaceId, 'faithful');
    await register();
    simulator.resetDeliveries(workspaceId);
    simulator.setWebhooks(workspaceId, { drop: 0.3 });
    changeMuch();
    await simulator.settleDeliveries(workspaceId);
    await waitUntil(isInboxDone, 60_000);
    const lost = simulator.deliveries(workspaceId).filter(({ state }) => state === 'dropped');
    expect(await isEqual(workspaceId)).toBe(false);

    const { runId: before } = await readStatus(addon, workspaceId);
    await compareAll();
    const status = await waitForStatus(
      addon,
      workspaceId,
      ({ runId, finishedAt }) => runId !== before && finishedAt !== null,
    );
    expect(await isEqual(workspaceId)).toBe(true);
    const missed = names.map((name) => [name, status.entities.find(({ entity }) => entity === name)?.missed]);
    const expected = names.map((name) => [name, lost.filter(({ event }) => event.includes(kinds[name])).length]);
    expect(missed).toEqual(expected);
    expect(lost.length).toBeGreaterThan(5);
  }, 240_000);
});
