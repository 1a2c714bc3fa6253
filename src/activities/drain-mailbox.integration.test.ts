import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventRules } from '../../simulator/webhooks/events.ts';
import { valueAt } from '../../simulator/api/rows.ts';
import type { EntityType, Row } from '../../simulator/world/types.ts';
import { addDeliveries, redeliver } from '../../test/support/due-deliveries.ts';
import { openLiveMirror } from '../../test/support/live-mirror.ts';
import type { LiveMirror } from '../../test/support/live-mirror.ts';
import { claimSleeping } from '../db/mailboxes.ts';
import { webhookEvents } from '../domain/webhook-events.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';

let live: LiveMirror;
let workspaceId: string;
beforeAll(async () => {
  live = await openLiveMirror({ isUnlimited: true });
  ({ workspaceId } = live.ref);
  const few = ['user_groups', 'expenses', 'approval_requests', 'time_off_policies', 'time_off_requests', 'assignments'];
  for (const entity of few) live.simulator.mutate(workspaceId, { entity: entity as EntityType, insert: 3 });
  const parentId = String(rowsOf('time_off_policies')[0]?.['id']);
  live.simulator.mutate(workspaceId, { entity: 'time_off_balances', parentId, insert: 2 });
});
afterAll(() => live.close());
beforeEach(async () => {
  await live.forget();
  live.simulator.clearFaults(workspaceId);
  live.simulator.resetLedger();
});

const deliver = (...deliveries: { event: WebhookEvent; body: unknown }[]) =>
  addDeliveries(live.mirror, live.ref, deliveries);
const stored = (columns = 'state, effect, entity_type as entity, entity_id as id') =>
  live.mirror.rows(`select ${columns} from webhook_events order by webhook_events.id`);
const rowsOf = (entity: Parameters<LiveMirror['differences']>[0]) => live.simulator.rows(workspaceId, entity);
const requests = () => live.simulator.requests(workspaceId).map(({ operationId }) => operationId);
const firstTag = () => String(rowsOf('tags')[0]?.['id']);

/** A row the event speaks of, with its platform's body. */
function findCase(event: WebhookEvent): { row: Row; body: Row } {
  const { entity, build } = eventRules[event];
  const world = live.simulator.world(workspaceId);
  const [row] = rowsOf(entity);
  if (row === undefined) throw new Error(`There is no row of ${entity}.`);
  return { row, body: build(row, { world, nowMs: Date.now() }) };
}

describe('the body of each event brings its row into the mirror as the platform lists it', () => {
  it.each(webhookEvents)('%s', async (event) => {
    const { row, body } = findCase(event);
    const { entity } = eventRules[event];
    await deliver({ event, body });
    expect(await live.drain()).toEqual({ state: 'empty' });
    const key = String(valueAt(row, entity === 'approval_requests' ? 'approvalRequest.id' : 'id'));
    const isRate = event.endsWith('_RATE_UPDATED');
    expect(await live.differences(isRate ? 'users' : entity, isRate ? undefined : [key])).toEqual([]);
    expect(await stored('state, effect')).toMatchObject([
      { state: 'processed', effect: expect.stringMatching(/^(changed|unchanged)$/) },
    ]);
  });
});

describe('a delivery', () => {
  it('is believed in nothing but its id', async () => {
    await deliver({ event: 'TAG_UPDATED', body: { id: firstTag(), name: 'forged', archived: true } });
    await live.drain();
    expect(await live.differences('tags', [firstTag()])).toEqual([]);
    expect(await stored()).toEqual([{ state: 'processed', effect: 'changed', entity: 'tags', id: firstTag() }]);
    expect(await live.mirror.rows('select source from workspace_data')).toEqual([{ source: 'event' }]);
  });

  it('that came twice has one effect', async () => {
    await deliver({ event: 'TAG_UPDATED', body: { id: firstTag() } });
    await live.drain();
    await deliver({ event: 'TAG_UPDATED', body: { id: firstTag() } });
    await live.drain();
    expect(await stored('effect')).toEqual([{ effect: 'changed' }, { effect: 'unchanged' }]);
    expect(await live.mirror.rows('select version from workspace_data')).toEqual([{ version: 1 }]);
  });

  it('and a thousand like it cost one request', async () => {
    await deliver(
      ...Array.from({ length: 1_000 }, () => ({ event: 'TAG_UPDATED' as const, body: { id: firstTag() } })),
    );
    await live.drain({ budgetMs: 60_000 });
    expect(requests().length).toBeLessThanOrEqual(4);
    expect(await live.mirror.rows(`select state, count(*)::int from webhook_events group by 1`)).toEqual([
      { state: 'processed', count: 1_000 },
    ]);
  }, 60_000);

  it('without the ids of its event is ignored', async () => {
    await deliver({ event: 'NEW_TAG', body: { name: 'x' } }, { event: 'NEW_TAG', body: null });
    expect(await live.drain()).toEqual({ state: 'empty' });
    expect(await stored('state, effect')).toEqual(Array(2).fill({ state: 'processed', effect: 'ignored' }));
    expect(requests()).toEqual([]);
  });

  it('of a deletion marks the row, and the rows below it', async () => {
    const project = rowsOf('projects').find(
      (row) => live.simulator.world(workspaceId).list('tasks', String(row['id'])).length > 0,
    );
    const id = String(project?.['id']);
    const tasks = live.simulator.world(workspaceId).list('tasks', id);
    await deliver({ event: 'NEW_PROJECT', body: { id, tasks } });
    await live.drain();
    expect(
      await live.differences(
        'tasks',
        tasks.map((task) => String(task['id'])),
      ),
    ).toEqual([]);
    live.simulator.mutate(workspaceId, { entity: 'projects', remove: [id] });
    await deliver({ event: 'PROJECT_DELETED', body: { id } });
    await live.drain();
    expect(await stored('effect')).toEqual([{ effect: 'changed' }, { effect: 'deleted' }]);
    expect(await live.mirror.rows('select from workspace_data where deleted_at is null')).toEqual([]);
    expect(await live.mirror.rows('select distinct version, source from workspace_data')).toEqual([
      { version: 2, source: 'event' },
    ]);
  });

  it('A, B, A gives three versions and ends at A', async () => {
    const id = firstTag();
    const name = rowsOf('tags')[0]?.['name'];
    for (const fields of [{ name }, { name: 'B' }, { name }]) {
      live.simulator.mutate(workspaceId, { entity: 'tags', update: [{ key: id, fields }] });
      await deliver({ event: 'TAG_UPDATED', body: { id } });
      await live.drain();
    }
    expect(await live.mirror.rows(`select version, payload->>'name' as name from workspace_data`)).toEqual([
      { version: 3, name },
    ]);
    expect(
      await live.mirror.rows(`select payload->>'name' as name, source from entity_versions order by version`),
    ).toEqual([
      { name, source: 'event' },
      { name: 'B', source: 'event' },
    ]);
  });

  it('of one half of a split entry brings the other half too', async () => {
    const world = live.simulator.world(workspaceId);
    const [user] = rowsOf('users').filter(({ id }) => world.list('time_entries', String(id)).length > 0);
    const whole = String(world.list('time_entries', String(user?.['id']))[0]?.['id']);
    const { inserted } = live.simulator.mutate(workspaceId, { entity: 'time_entries', split: [whole] });
    await deliver({ event: 'TIME_ENTRY_SPLIT', body: { id: inserted[0] } });
    await live.drain();
    expect(inserted).toHaveLength(1);
    expect(await live.differences('time_entries', [whole, ...inserted])).toEqual([]);
  });
});

describe('a delivery that comes again while it is being processed', () => {
  it('is processed again', async () => {
    const id = firstTag();
    const ids = await deliver({ event: 'TAG_UPDATED', body: { id } });
    const { refetch } = live.drainDeps;
    let rounds = 0;
    const result = await live.drain({
      async refetch(reader, target) {
        const fetched = await refetch(reader, target);
        rounds += 1;
        if (rounds === 1) {
          live.simulator.mutate(workspaceId, {
            entity: 'tags',
            update: [{ key: id, fields: { name: 'changed meanwhile' } }],
          });
          await redeliver(live.mirror, ids);
        }
        return fetched;
      },
    });
    expect([result, rounds]).toEqual([{ state: 'empty' }, 2]);
    expect(await live.differences('tags', [id])).toEqual([]);
    expect(await stored('state, deliveries')).toEqual([{ state: 'processed', deliveries: 2 }]);
  });
});

describe('what cannot be fetched', () => {
  const poison = () => {
    const id = String(rowsOf('clients')[0]?.['id']);
    live.simulator.addFault(workspaceId, { kind: 'status', status: 500, operationId: 'getClient' });
    return { event: 'CLIENT_UPDATED', body: { id } } as const;
  };

  it('is parked after eight tries, and its 999 neighbours are done', async () => {
    const tags = Array.from({ length: 999 }, (_, index) => ({
      event: 'TAG_UPDATED' as const,
      body: { id: (index % 100).toString(16).padStart(24, '0') },
    }));
    await deliver(poison(), ...tags);
    const outcomes: string[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      expect(await live.drain({ onProcessed: (outcome) => outcomes.push(outcome) })).toEqual({ state: 'empty' });
      await live.mirror.rows(`update webhook_events set due_at = clock_timestamp() where state = 'received'`);
    }
    expect(await live.mirror.rows('select state, count(*)::int from webhook_events group by 1 order by 1')).toEqual([
      { state: 'parked', count: 1 },
      { state: 'processed', count: 999 },
    ]);
    expect(await stored(`state, attempts, reason`)).toContainEqual({
      state: 'parked',
      attempts: 8,
      reason: 'clockify_unavailable',
    });
    expect(outcomes.filter((outcome) => outcome === 'failed')).toHaveLength(7);
    expect(outcomes.filter((outcome) => outcome === 'parked')).toHaveLength(1);
  }, 60_000);

  it('waits before it is tried again', async () => {
    await deliver(poison());
    await live.drain();
    expect(await stored("state, attempts, due_at > clock_timestamp() + interval '5 seconds' as later")).toEqual([
      { state: 'received', attempts: 1, later: true },
    ]);
    expect(await live.drain()).toEqual({ state: 'empty' });
    expect(await stored('attempts')).toEqual([{ attempts: 1 }]);
  });
});

describe('no try of a delivery is', () => {
  const untouched = { state: 'received', attempts: 0, reason: null };

  it('a Clockify that is away altogether', async () => {
    live.simulator.addFault(workspaceId, { kind: 'status', status: 503 });
    await deliver({ event: 'TAG_UPDATED', body: { id: firstTag() } });
    expect(await live.drain()).toMatchObject({ state: 'waiting' });
    expect(await stored('state, attempts, reason')).toEqual([untouched]);
    expect(await claimSleeping(live.mirror.orm)).toEqual([]);
  });

  it('a budget that is used up', async () => {
    live.simulator.addFault(workspaceId, { kind: 'status', status: 429 });
    await deliver({ event: 'TAG_UPDATED', body: { id: firstTag() } });
    expect(await live.drain()).toMatchObject({ state: 'waiting', retryAfterMs: expect.any(Number) });
    expect(await stored('state, attempts, reason')).toEqual([untouched]);
  });

  it('an add-on that is switched off: nothing is fetched, and nobody is woken', async () => {
    await live.mirror.rows(`update installations set status = 'inactive'`);
    await deliver({ event: 'TAG_UPDATED', body: { id: firstTag() } });
    expect(await live.drain()).toEqual({ state: 'halted' });
    expect(requests()).toEqual([]);
    expect(await claimSleeping(live.mirror.orm)).toEqual([]);
    await live.mirror.rows(`update installations set status = 'active'`);
    expect(await claimSleeping(live.mirror.orm)).toEqual([live.ref]);
    expect(await stored('state, attempts, reason')).toEqual([untouched]);
  });

  it('an add-on whose token is dead: the installation is in doubt', async () => {
    live.simulator.addFault(workspaceId, { kind: 'token-revoked' });
    await deliver({ event: 'TAG_UPDATED', body: { id: firstTag() } });
    expect(await live.drain()).toEqual({ state: 'halted' });
    expect(await live.mirror.rows('select status from installations')).toEqual([{ status: 'suspect' }]);
    expect(await stored('state, attempts, reason')).toEqual([untouched]);
  });
});

it('two at one mailbox leave what one would', async () => {
  const ids = rowsOf('tags').map(({ id }) => String(id));
  await deliver(...ids.map((id) => ({ event: 'NEW_TAG' as const, body: { id } })));
  expect(await Promise.all([live.drain(), live.drain(), live.drain()])).toEqual(Array(3).fill({ state: 'empty' }));
  expect(await live.differences('tags')).toEqual([]);
  expect(await live.mirror.rows('select distinct version from workspace_data')).toEqual([{ version: 1 }]);
});
