import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { rowDigest } from '../../simulator/world/truth.ts';
import { addDeliveries } from '../../test/support/due-deliveries.ts';
import { openLiveMirror } from '../../test/support/live-mirror.ts';
import type { LiveMirror } from '../../test/support/live-mirror.ts';
import { startRun, storePage } from '../../test/support/mirror.ts';
import { saveFeedFindings } from '../db/coverage.ts';
import { markUnseenDeleted } from '../db/settle.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';
import { changeFeeds } from '../domain/webhook-states.ts';
import { readChanges } from './refresh.ts';

const runId = 'run-1';
const entity = 'tags';

let live: LiveMirror;
let workspaceId: string;
beforeAll(async () => {
  live = await openLiveMirror({ isUnlimited: true });
  ({ workspaceId } = live.ref);
  // Deletions show in the feeds at once.
  live.simulator.setWebhooks(workspaceId, { speed: 1_000_000 });
});
afterAll(() => live.close());
beforeEach(async () => {
  await live.forget();
  const findings = changeFeeds.map((feed) => ({ feed, state: 'works', reason: null }) as const);
  await saveFeedFindings(live.mirror.orm, live.ref, findings);
  await scan();
});

/** A run reads the list from its first page to its end. */
async function scan(): Promise<void> {
  const { orm } = live.mirror;
  await live.mirror.rows('delete from bootstrap_jobs');
  await live.mirror.rows('delete from bootstrap_endpoints');
  await live.mirror.rows('delete from bootstrap_loops');
  await live.mirror.rows('delete from bootstrap_pages');
  await startRun(orm, { ...live.ref, runId, plan: [{ entity, loops: 1, after: [] }] });
  await live.mirror.rows('update bootstrap_endpoints set started_at = clock_timestamp()');
  const [clock] = await live.mirror.rows('select clock_timestamp()::text as now');
  const rows = live.simulator
    .rows(workspaceId, entity)
    .map((row) => ({ id: String(row['id']), payload: row, hash: rowDigest(row) }));
  await storePage(orm, { workspaceId, runId, entity, loop: 0 }, rows, { observedAt: String(clock?.['now']) });
  await markUnseenDeleted(orm, { workspaceId, runId, entity }, null);
}

/** The ways on which we learn of a change. */
const ways = {
  async push(id: string, event: WebhookEvent) {
    await addDeliveries(live.mirror, live.ref, [{ event, body: { id } }]);
    await live.drain();
  },
  async delta() {
    const now = Date.now();
    const deps = { ...live.drainDeps, baseUrl: live.baseUrl, hourlyLimit: null };
    await readChanges(deps, { ...live.ref, delta: [{ entity, since: now }], lookedAt: now });
  },
  scan,
} as const;
type Way = keyof typeof ways;
const sourceOf = { push: 'event', delta: 'delta', scan: 'scan' } as const;

const orders: readonly (readonly [Way, Way, Way])[] = [
  ['push', 'delta', 'scan'],
  ['push', 'scan', 'delta'],
  ['delta', 'push', 'scan'],
  ['delta', 'scan', 'push'],
  ['scan', 'push', 'delta'],
  ['scan', 'delta', 'push'],
];

const mutate = (change: object): readonly string[] =>
  live.simulator.mutate(workspaceId, { entity, ...change }).inserted;
const firstId = (): string => String(live.simulator.rows(workspaceId, entity)[0]?.['id']);

/** Each makes its change in Clockify and answers whose it is. */
const changes: Readonly<Record<string, { readonly event: WebhookEvent; readonly make: () => string }>> = {
  'a new row': { event: 'NEW_TAG', make: () => mutate({ insert: 1 })[0] ?? '' },
  'a row that changed': {
    event: 'TAG_UPDATED',
    make: () => {
      const key = firstId();
      mutate({ update: [{ key, fields: { name: `renamed ${Math.random()}` } }] });
      return key;
    },
  },
  'a row that is gone': {
    event: 'TAG_DELETED',
    make: () => {
      const key = firstId();
      mutate({ remove: [key] });
      return key;
    },
  },
};

/** Versions that began after the first copy, and by what they were learned. */
const versionsSince = (id: string, before: number) =>
  live.mirror.rows(
    `select source from (
       select version, source from workspace_data where entity_id = $1
       union all select version, source from entity_versions where entity_id = $1) known
     where version > $2 order by version`,
    [id, before],
  );

describe.each(Object.entries(changes))('%s', (_, { event, make }) => {
  const heldBefore = event === 'NEW_TAG' ? 0 : 1;

  it.each(orders)('is one new version by %s, then %s, then %s', async (...order) => {
    const id = make();
    for (const way of order) await ways[way](id, event);
    expect(await versionsSince(id, heldBefore)).toEqual([{ source: sourceOf[order[0]] }]);
    expect(await live.differences(entity)).toEqual([]);
  });

  it('is one new version when all three learn of it at once', async () => {
    const id = make();
    await Promise.all(Object.values(ways).map((learn) => learn(id, event)));
    expect(await versionsSince(id, heldBefore)).toHaveLength(1);
    expect(await live.differences(entity)).toEqual([]);
  });
});
