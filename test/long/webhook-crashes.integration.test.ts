import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { compareWithTruth, waitForEnd } from '../support/run.ts';
import { waitUntil } from '../support/wait-until.ts';

let addon: Addon;
let admin: pg.Pool;
beforeAll(async () => {
  addon = await startAddon({ workers: 2 });
  admin = new pg.Pool({ connectionString: addon.adminUrl });
}, 120_000);
afterAll(async () => {
  await admin.end();
  await addon.stop();
}, 60_000);

const rows = async (sql: string) => (await admin.query<Record<string, number>>(sql)).rows;
const changes = 3_000;
const kills = 8;

/** One change of a kind whose events a manifest declares; each row is changed to and fro. */
function change(workspaceId: string, index: number): void {
  const { simulator } = addon;
  const kinds = ['projects', 'tasks', 'time_entries'] as const;
  const entity = kinds[index % kinds.length] ?? 'projects';
  const list = simulator.rows(workspaceId, entity);
  const row = list[(index * 7) % list.length];
  const content = index % 2 === 0 ? 'A' : 'B';
  const fields = entity === 'time_entries' ? { description: content } : { name: content };
  const parents = { projects: undefined, tasks: row?.['projectId'], time_entries: row?.['userId'] };
  const parentId = parents[entity];
  simulator.mutate(workspaceId, {
    entity,
    ...(typeof parentId === 'string' && { parentId }),
    ...(index % 10 === 0 ? { insert: 1 } : { update: [{ key: String(row?.['id']), fields }] }),
  });
}

async function killSomebody(round: number): Promise<void> {
  if (round % 2 === 0) return addon.restartApi();
  const running = addon.workers.filter((worker) => worker.isRunning());
  await running[round % running.length]?.stop('SIGKILL');
  await addon.startWorker();
}

it('kill -9 of the API and of workers loses no delivery that was answered, and the copy is right', async () => {
  const { simulator } = addon;
  const { workspaceId } = await simulator.install(`${addon.baseUrl}/manifest`, { profile: 'XS', plan: 'ENTERPRISE' });
  const copied = await waitForEnd(addon, workspaceId);
  // The platform repeats what was not answered, some times faster here.
  simulator.setWebhooks(workspaceId, { speed: 5, duplicate: 0.1, burst: 10, reorder: true });

  for (let index = 0; index < changes; index++) {
    change(workspaceId, index);
    if (index % 10 === 0) await sleep(10);
    if (index % Math.floor(changes / kills) === 100) await killSomebody(index);
  }
  const { acknowledged, givenUp, deliveries } = await simulator.settleDeliveries(workspaceId, 120_000);
  expect({ givenUp, acknowledged }).toEqual({ givenUp: 0, acknowledged: deliveries });

  await waitUntil(async () => {
    const [row] = await rows(`select count(*)::int as waiting from webhook_events where state <> 'processed'`);
    return row?.['waiting'] === 0;
  }, 240_000);
  const [stored] = await rows('select sum(deliveries)::int as deliveries from webhook_events');
  expect(stored?.['deliveries']).toBeGreaterThanOrEqual(acknowledged);
  const { mirror, truth } = await compareWithTruth(addon, workspaceId, copied);
  expect(mirror).toEqual(truth);
  expect(addon.simulator.ledger(workspaceId).maxInAnySecond).toBeLessThanOrEqual(50);
}, 900_000);
