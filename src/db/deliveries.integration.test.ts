import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addDeliveries, redeliver } from '../../test/support/due-deliveries.ts';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { failDeliveries, finishDeliveries, loadDueDeliveries } from './deliveries.ts';

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
});

const load = (limit = 100) => loadDueDeliveries(mirror.orm, owner, limit);
const add = (body: unknown, dueInMs = 0) => addDeliveries(mirror, owner, [{ event: 'NEW_TAG', body, dueInMs }]);
const about = { entity: 'tags', entityId: 't1' } as const;
const rows = (columns: string) => mirror.rows(`select ${columns} from webhook_events order by id`);

describe('the due deliveries of an installation', () => {
  it('come with their ids and with nothing else of what they say', async () => {
    await add({ id: 't1', name: 'x', modifiedEntity: { targetId: 't2' }, tasks: [{ id: 't3' }, { id: 't4' }] });
    expect(await load()).toEqual([
      {
        id: expect.any(String),
        event: 'NEW_TAG',
        deliveries: 1,
        attempts: 0,
        requestId: null,
        receivedMs: expect.any(Number),
        ids: {
          id: 't1',
          userId: null,
          projectId: null,
          expenseId: null,
          assignmentId: null,
          targetId: 't2',
          firstTaskId: 't3',
        },
      },
    ]);
  });

  it.each([[null], ['text'], [[]], [{ id: { nested: true } }], [{ id: 7 }], [{ id: 'x'.repeat(10_000) }]])(
    'are taken whatever their body is: %j',
    async (body) => {
      await add(body);
      const [delivery] = await load();
      expect(String(delivery?.ids.id ?? '').length).toBeLessThanOrEqual(32);
    },
  );

  it('are told by what was noted when they came, without unpacking their bodies again', async () => {
    await add({ id: 't1', tasks: [{ id: 't3' }] });
    await mirror.rows('update webhook_events set body = null');
    expect(await load()).toMatchObject([{ ids: { id: 't1', firstTaskId: 't3' } }]);
  });

  it('are told by their bodies where nothing was noted yet', async () => {
    await add({ id: 't1', tasks: [{ id: 't3' }] });
    await mirror.rows('update webhook_events set ids = null');
    expect(await load()).toMatchObject([{ ids: { id: 't1', firstTaskId: 't3' } }]);
  });

  it('come oldest first, not before they are due, and no more than asked for', async () => {
    await add({ id: 'soon' }, 60_000);
    await add({ id: 'second' }, -1_000);
    await add({ id: 'first' }, -2_000);
    expect((await load()).map(({ ids }) => ids.id)).toEqual(['first', 'second']);
    expect(await load(1)).toHaveLength(1);
    expect(await loadDueDeliveries(mirror.orm, stranger, 100)).toEqual([]);
  });
});

describe('a delivery that was processed', () => {
  const finish = async (deliveries = 1) => {
    const [delivery] = await load();
    const done = { id: delivery?.id ?? '', deliveries, effect: 'changed', ...about } as const;
    return finishDeliveries(mirror.orm, owner, [done]);
  };

  it('is done, and tells how long it took', async () => {
    await add({ id: 't1' });
    expect(await finish()).toEqual([{ effect: 'changed', seconds: expect.any(Number) }]);
    expect(await rows('state, effect, entity_type, entity_id, processed_at is not null as stamped')).toEqual([
      { state: 'processed', effect: 'changed', entity_type: 'tags', entity_id: 't1', stamped: true },
    ]);
    expect(await load()).toEqual([]);
  });

  it('is not done when it came again meanwhile', async () => {
    const ids = await add({ id: 't1' });
    await redeliver(mirror, ids);
    expect(await finish(1)).toEqual([]);
    expect(await rows('state, deliveries')).toEqual([{ state: 'received', deliveries: 2 }]);
    expect(await finish(2)).toHaveLength(1);
  });

  it('is done once', async () => {
    await add({ id: 't1' });
    const [delivery] = await load();
    const done = { id: delivery?.id ?? '', deliveries: 1, effect: 'unchanged', ...about } as const;
    const twice = await Promise.all([1, 2].map(() => finishDeliveries(mirror.orm, owner, [done])));
    expect(twice.flat()).toHaveLength(1);
  });

  it('together with others of its kind marks the kind as fresh', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => add({ id: `t${index}` })));
    const due = await load();
    const done = due.map(({ id }) => ({ id, deliveries: 1, effect: 'changed', ...about }) as const);
    expect(await finishDeliveries(mirror.orm, owner, done)).toHaveLength(20);
    expect(await mirror.rows('select entity_type from refresh_marks')).toEqual([{ entity_type: 'tags' }]);
  });
});

describe('a delivery whose processing failed', () => {
  const fail = async (delayMs: number | null, deliveries = 1) => {
    const [delivery] = await load();
    const failed = { id: delivery?.id ?? '', deliveries, reason: 'clockify_timeout', delayMs, ...about } as const;
    return failDeliveries(mirror.orm, owner, [failed]);
  };

  it('is due again later', async () => {
    await add({ id: 't1' });
    expect(await fail(60_000)).toEqual([{ state: 'received' }]);
    expect(
      await rows(`attempts, reason, due_at - clock_timestamp() between '55 seconds' and '60 seconds' as later`),
    ).toEqual([{ attempts: 1, reason: 'clockify_timeout', later: true }]);
    expect(await load()).toEqual([]);
  });

  it('is parked when there is no next time', async () => {
    await add({ id: 't1' });
    expect(await fail(null)).toEqual([{ state: 'parked' }]);
    expect(await rows('state, entity_id, processed_at')).toEqual([
      { state: 'parked', entity_id: 't1', processed_at: null },
    ]);
  });

  it('is due at once when it came again meanwhile', async () => {
    const ids = await add({ id: 't1' });
    await redeliver(mirror, ids);
    expect(await fail(null, 1)).toEqual([]);
    expect(await load()).toHaveLength(1);
  });
});

it('nothing to close asks nothing', async () => {
  expect([await finishDeliveries(mirror.orm, owner, []), await failDeliveries(mirror.orm, owner, [])]).toEqual([
    [],
    [],
  ]);
});
