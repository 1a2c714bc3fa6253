import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { addInboxRow, fillInbox } from '../../test/support/inbox-rows.ts';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import type { InboxFilter } from '../domain/inbox.ts';
import { changesSql } from './inbox-changes.ts';
import { buildListQuery, listLines } from './inbox-lines.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

const neighbour = { ...owner, addonId: 'c'.repeat(24) };

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());

const list = (filter: InboxFilter = {}, limit = 50, ref = owner) => listLines(mirror.orm, ref, { ...filter, limit });

describe('the list', () => {
  beforeEach(async () => {
    await mirror.reset();
    await install(mirror.orm);
  });

  it('tells of a delivery what became of it, and nothing of what it says', async () => {
    const id = await addInboxRow(mirror, owner, {
      receivedAt: `timestamptz '2026-11-21 10:00:00.123456Z'`,
      effect: 'changed',
      entity: ['tags', 'tag-1'],
    });
    expect(await list()).toEqual([
      {
        id,
        event: 'NEW_TAG',
        state: 'processed',
        deliveries: 1,
        attempts: 0,
        receivedAt: '2026-11-21T10:00:00.123456Z',
        lastReceivedAt: '2026-11-21T10:00:00.123456Z',
        processedAt: '2026-11-21T10:00:01.623456Z',
        latencyMs: 1500,
        effect: 'changed',
        reason: null,
        entityType: 'tags',
        entityId: 'tag-1',
        changedAt: expect.stringMatching(/^20\d\d-.*Z$/),
      },
    ]);
  });

  it('holds the deliveries of this installation alone', async () => {
    const own = await addInboxRow(mirror, owner);
    await addInboxRow(mirror, neighbour);
    await addInboxRow(mirror, stranger);
    expect((await list()).map(({ id }) => id)).toEqual([own]);
  });

  it('goes from the newest to the oldest, whatever their states, also within one moment', async () => {
    const at = (minute: number) => ({ receivedAt: `timestamptz '2026-11-21 10:0${minute}:00Z'` });
    const ids = [];
    for (const row of [at(1), { ...at(2), state: 'parked' as const }, { ...at(2), state: 'received' as const }, at(3)])
      ids.push(await addInboxRow(mirror, owner, row));
    expect((await list()).map(({ id }) => id)).toEqual(ids.toReversed());
  });

  it('can be read page by page without a line twice or never, while more come', async () => {
    const moment = { receivedAt: `timestamptz '2026-11-21 10:00:00Z'` };
    const states = ['processed', 'parked', 'received', 'processed', 'quarantined', 'processed', 'parked'] as const;
    const ids = [];
    for (const state of states) ids.push(await addInboxRow(mirror, owner, { ...moment, state }));
    const read: string[] = [];
    for (let lines = await list({}, 3); lines.length > 0;) {
      read.push(...lines.map(({ id }) => id));
      await addInboxRow(mirror, owner);
      lines = await listLines(mirror.orm, owner, { after: lines.at(-1), limit: 3 });
    }
    expect(read).toEqual(ids.toReversed());
  });

  it('keeps to its end wherever a page begins', async () => {
    const old = await addInboxRow(mirror, owner, { receivedAt: `timestamptz '2026-11-01Z'` });
    await addInboxRow(mirror, owner, { receivedAt: `timestamptz '2026-11-03Z'` });
    const after = { receivedAt: '2026-11-04T00:00:00.000000Z', id: '1' };
    const lines = await listLines(mirror.orm, owner, { to: '2026-11-02T00:00:00Z', after, limit: 50 });
    expect(lines.map(({ id }) => id)).toEqual([old]);
  });

  it.each<[string, InboxFilter, number[]]>([
    ['the event', { event: 'TAG_UPDATED' }, [2]],
    ['an event that never came', { event: 'NEW_TASK' }, []],
    ['the state', { state: 'parked' }, [1]],
    ['both', { event: 'TAG_UPDATED', state: 'parked' }, []],
    ['the beginning, inclusive', { from: '2026-11-02T00:00:00Z' }, [2, 1]],
    ['the end, exclusive', { to: '2026-11-02T00:00:00Z' }, [0]],
    ['a range with an offset', { from: '2026-11-01T02:00:00+02:00', to: '2026-11-02T02:00:01+02:00' }, [1, 0]],
  ])('can be narrowed by %s', async (_, filter, expected) => {
    const day = (n: number) => ({ receivedAt: `timestamptz '2026-11-0${n}Z'` });
    const ids = [
      await addInboxRow(mirror, owner, day(1)),
      await addInboxRow(mirror, owner, { ...day(2), state: 'parked' }),
      await addInboxRow(mirror, owner, { ...day(3), event: 'TAG_UPDATED' }),
    ];
    expect((await list(filter)).map(({ id }) => id)).toEqual(expected.map((place) => ids[place]));
  });
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

const count = 40_000;
const limit = 50;
/** Less than the entries of an index have that lie between now and the midst of them. */
const mostBlocks = 150;

async function explain(sql: string, parameters: readonly unknown[]): Promise<PlanNode[]> {
  const [row] = await withWorkspace(mirror.orm, owner.workspaceId, (em) =>
    query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(em, `explain (analyze, buffers, format json) ${sql}`, parameters),
  );
  const flatten = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flatten)];
  return row === undefined ? [] : flatten(row['QUERY PLAN'][0].Plan);
}

/** The most rows that any part of the plan looked at. */
const mostRows = (plan: readonly PlanNode[]): number =>
  Math.max(
    ...plan.map(
      (node) => (Math.ceil(node['Actual Rows']) + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
    ),
  );

/** Pages of tables and indexes that the plan looked at. */
const countBlocks = ([top]: readonly PlanNode[]): number =>
  (top?.['Shared Hit Blocks'] ?? Infinity) + (top?.['Shared Read Blocks'] ?? Infinity);

describe('however many deliveries there are', () => {
  beforeAll(async () => {
    await mirror.reset();
    await install(mirror.orm);
    await fillInbox(mirror, owner, count);
    await fillInbox(mirror, stranger, 1_000);
  });

  const middle = new Date(Date.now() - (count / 2) * 1000).toISOString();
  it.each<[string, InboxFilter]>([
    ['all', {}],
    ['those of an event', { event: 'EVENT_7' }],
    ['those of a frequent state', { state: 'processed' }],
    ['those of a rare state', { state: 'parked' }],
    ['those of a rare state that came first', { state: 'received' }],
    ['those of an event in a state it never had', { event: 'EVENT_7', state: 'parked' }],
    ['those of an event that never came', { event: 'NEW_TASK' }],
    ['those before a time', { to: middle }],
    ['those between times', { from: middle, to: new Date(Date.parse(middle) + 20_000).toISOString() }],
    ['those of an event before a time', { event: 'EVENT_7', to: middle }],
  ])('a page of %s reads few of them', async (_, filter) => {
    const { sql, parameters } = buildListQuery(owner, { ...filter, limit });
    const plan = await explain(sql, parameters);
    expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    expect(mostRows(plan)).toBeLessThanOrEqual(4 * limit);
    expect(countBlocks(plan)).toBeLessThan(mostBlocks);
  });

  test('a page in their midst reads few of them', async () => {
    const after = { receivedAt: middle, id: '100' };
    const { sql, parameters } = buildListQuery(owner, { after, limit });
    const plan = await explain(sql, parameters);
    expect(mostRows(plan)).toBeLessThanOrEqual(4 * limit);
    expect(countBlocks(plan)).toBeLessThan(mostBlocks);
  });

  test('a look for changes reads those that changed', async () => {
    const since = new Date().toISOString();
    await mirror.rows(`update webhook_events set attempts = 1 where event = 'EVENT_7' and state = 'processed'
      and received_at > now() - interval '5 minutes'`);
    const plan = await explain(changesSql, [owner.workspaceId, owner.addonId, since, 500]);
    expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    expect(mostRows(plan)).toBeLessThanOrEqual(20);
  });
});
