import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityType, Row } from '../../simulator/world/types.ts';
import { openLiveMirror } from '../../test/support/live-mirror.ts';
import type { LiveMirror } from '../../test/support/live-mirror.ts';
import type { RefetchTarget } from '../domain/refetch-target.ts';
import type { Refetched } from './refetch.ts';

let live: LiveMirror;
let workspaceId: string;
beforeAll(async () => {
  live = await openLiveMirror({ isUnlimited: true });
  ({ workspaceId } = live.ref);
});
afterAll(() => live.close());
beforeEach(async () => {
  await live.forget();
  live.simulator.clearFaults(workspaceId);
  live.simulator.resetLedger();
});

const refetch = (target: RefetchTarget, ...named: string[]): Promise<Refetched> =>
  live.drainDeps.refetch({ ...live.ref, source: 'poll', maxWaitMs: 5_000 }, target, named);
const rowsOf = (entity: EntityType) => live.simulator.rows(workspaceId, entity);
const idOf = (row: Row | undefined) => String(row?.['id']);
const requests = () => live.simulator.requests(workspaceId).map(({ operationId }) => operationId);
const insert = (entity: EntityType, count: number, more: object = {}) =>
  live.simulator.mutate(workspaceId, { entity, insert: count, ...more }).inserted;
const remove = (entity: EntityType, ...keys: string[]) => live.simulator.mutate(workspaceId, { entity, remove: keys });
const deleted = async () =>
  (await live.mirror.rows('select entity_id as id from workspace_data where deleted_at is not null')).map(
    ({ id }) => id,
  );

describe('a list', () => {
  it('is stored as a scan stores it, with where it was learned from', async () => {
    await refetch({ by: 'list', entity: 'users' });
    expect(await live.differences('users')).toEqual([]);
    expect(await live.mirror.rows('select distinct source from workspace_data')).toEqual([{ source: 'poll' }]);
  });

  it('of which a row is missing loses that row', async () => {
    const [gone = ''] = insert('user_groups', 3);
    await refetch({ by: 'list', entity: 'user_groups' });
    remove('user_groups', gone);
    expect(await refetch({ by: 'list', entity: 'user_groups' })).toMatchObject({ changed: [], deleted: [gone] });
    expect(await live.differences('user_groups')).toEqual([]);
  });

  it('of several pages is read once more before anything is missing', async () => {
    insert('tags', 230);
    await refetch({ by: 'list', entity: 'tags' });
    const gone = idOf(rowsOf('tags')[210]);
    remove('tags', gone);
    live.simulator.resetLedger();
    expect((await refetch({ by: 'list', entity: 'tags' })).deleted).toEqual([gone]);
    expect(requests()).toHaveLength(4);
    expect(await live.differences('tags')).toEqual([]);
  });

  it('that hides a row once loses none', async () => {
    insert('tags', 230);
    await refetch({ by: 'list', entity: 'tags' });
    live.simulator.addFault(workspaceId, { kind: 'rows-hidden', every: 150, operationId: 'getTags', times: 2 });
    expect((await refetch({ by: 'list', entity: 'tags' })).deleted).toEqual([]);
    expect(await live.differences('tags')).toEqual([]);
  });

  it.each([
    ['says too early that it ends', { kind: 'last-page-lies', claim: true }],
    ['sends the same page again and again', { kind: 'page-ignored' }],
  ] as const)('that %s proves nothing', async (_, fault) => {
    insert('tags', 230);
    await refetch({ by: 'list', entity: 'tags' });
    live.simulator.addFault(workspaceId, { ...fault, operationId: 'getTags' });
    expect((await refetch({ by: 'list', entity: 'tags' })).deleted).toEqual([]);
    expect(await deleted()).toEqual([]);
  });

  it('that breaks off in the middle loses nothing', async () => {
    insert('tags', 230);
    await refetch({ by: 'list', entity: 'tags' });
    live.simulator.addFault(workspaceId, { kind: 'status', status: 500, operationId: 'getTags', skip: 1 });
    await expect(refetch({ by: 'list', entity: 'tags' })).rejects.toMatchObject({ code: 'clockify_unavailable' });
    expect(await deleted()).toEqual([]);
  });
});

describe('rows of one member', () => {
  it('that are gone are marked, and those of others are left alone', async () => {
    const members = insert('users', 2);
    for (const userId of members) insert('expenses', 2, { fields: { userId } });
    const of = (userId: unknown) => rowsOf('expenses').filter((row) => row['userId'] === userId);
    for (const id of members) await refetch({ by: 'member', entity: 'expenses', id });
    const [first = '', second = ''] = members;
    const [own, other] = [of(first)[0], of(second)[0]].map(idOf);
    remove('expenses', own ?? '', other ?? '');
    expect((await refetch({ by: 'member', entity: 'expenses', id: first })).deleted).toEqual([own]);
    expect(await live.differences('expenses', [own ?? '', other ?? ''])).toEqual([other]);
  });

  it('that are balances stand below their policies, and none is taken for gone', async () => {
    const [policy = ''] = insert('time_off_policies', 1);
    insert('time_off_balances', 1, { parentId: policy });
    const [balance] = live.simulator.world(workspaceId).list('time_off_balances', policy);
    const id = String(balance?.['userId']);
    await refetch({ by: 'member', entity: 'time_off_balances', id });
    expect(await live.differences('time_off_balances', [idOf(balance)])).toEqual([]);
    expect(
      await live.mirror.rows('select parent_id from workspace_data where entity_id = $1', [idOf(balance)]),
    ).toEqual([{ parent_id: policy }]);
    remove('time_off_balances', idOf(balance));
    expect((await refetch({ by: 'member', entity: 'time_off_balances', id })).deleted).toEqual([]);
  });
});

describe('a row without a read of its own', () => {
  it('is looked for until it has come', async () => {
    insert('invoices', 230);
    const newest = idOf(rowsOf('invoices').at(-1));
    live.simulator.resetLedger();
    await refetch({ by: 'id', entity: 'invoices', id: newest });
    expect(requests()).toEqual(['getInvoices']);
    const oldest = idOf(rowsOf('invoices')[0]);
    await refetch({ by: 'id', entity: 'invoices', id: oldest });
    expect(await live.differences('invoices', [newest, oldest])).toEqual([]);
  });

  it('is gone when two whole readings lack it', async () => {
    const [gone = ''] = insert('invoices', 1);
    await refetch({ by: 'id', entity: 'invoices', id: gone });
    await refetch({ by: 'parent', entity: 'invoice_details', id: gone });
    remove('invoices', gone);
    expect((await refetch({ by: 'id', entity: 'invoices', id: gone })).deleted).toEqual([gone]);
    expect(await deleted()).toEqual([gone, gone]);
  });
});

describe('a task', () => {
  const task = () => rowsOf('tasks')[0];
  it('is found by the project that the mirror knows', async () => {
    const id = idOf(task());
    await refetch({ by: 'id', entity: 'tasks', id, parentId: String(task()?.['projectId']) });
    live.simulator.mutate(workspaceId, { entity: 'tasks', update: [{ key: id, fields: { name: 'renamed' } }] });
    expect((await refetch({ by: 'id', entity: 'tasks', id })).changed).toEqual([id]);
  });

  it('whose project nobody knows is not asked for', async () => {
    expect(await refetch({ by: 'id', entity: 'tasks', id: idOf(task()) })).toEqual({
      began: null,
      changed: [],
      deleted: [],
    });
    expect(requests()).toEqual([]);
  });
});

describe('nothing is asked for', () => {
  it('that may be of another kind, unless the mirror holds it', async () => {
    const id = idOf(rowsOf('projects')[0]);
    expect(await refetch({ by: 'id', entity: 'projects', id, ifKnown: true })).toMatchObject({ began: null });
    await refetch({ by: 'id', entity: 'projects', id });
    expect(await refetch({ by: 'id', entity: 'projects', id, ifKnown: true })).toMatchObject({ changed: [] });
    expect(requests()).toEqual(['getProject', 'getProject']);
  });

  it.each(['inactive', 'suspect', 'delete_pending'])('while the installation is %s', async (status) => {
    await live.mirror.rows('update installations set status = $1', [status]);
    await expect(refetch({ by: 'list', entity: 'users' })).rejects.toMatchObject({ code: 'installation_inactive' });
    expect(requests()).toEqual([]);
  });
});

describe('an answer that is not what was asked for is not stored', () => {
  it.each([
    ['another row', { id: 'f'.repeat(24), name: 'x' }],
    ['a list', []],
  ])('%s', async (_, body) => {
    const id = idOf(rowsOf('tags')[0]);
    const fault = { kind: 'status', status: 200, body: JSON.stringify(body), contentType: 'application/json' } as const;
    live.simulator.addFault(workspaceId, { ...fault, operationId: 'getTag' });
    await expect(refetch({ by: 'id', entity: 'tags', id })).rejects.toMatchObject({
      code: 'clockify_answer_malformed',
    });
    expect(await live.mirror.rows('select from workspace_data')).toEqual([]);
  });

  it('a row that names no parent', async () => {
    const id = idOf(rowsOf('time_entries')[0]);
    const body = JSON.stringify({ id, description: 'x' });
    live.simulator.addFault(workspaceId, { kind: 'status', status: 200, body, operationId: 'getTimeEntry' });
    await expect(refetch({ by: 'id', entity: 'time_entries', id })).rejects.toMatchObject({
      code: 'clockify_answer_malformed',
    });
  });

  it('and an empty one proves nothing', async () => {
    const id = idOf(rowsOf('tags')[0]);
    await refetch({ by: 'id', entity: 'tags', id });
    live.simulator.addFault(workspaceId, { kind: 'status', status: 200, body: '', operationId: 'getTag' });
    expect(await refetch({ by: 'id', entity: 'tags', id })).toMatchObject({ changed: [], deleted: [] });
    expect(await deleted()).toEqual([]);
  });
});

describe('a row that is said to be on the list and is not', () => {
  const gone = 'e'.repeat(24);

  it.each<[string, RefetchTarget]>([
    ['of all', { by: 'list', entity: 'user_groups' }],
    ['of a member', { by: 'member', entity: 'expenses', id: 'd'.repeat(24) }],
    ['of a member, without a read of its own', { by: 'member', entity: 'time_off_requests', id: 'd'.repeat(24) }],
  ])('is noted as gone, so that no page read before brings it back: a list %s', async (_, target) => {
    expect(await refetch(target, gone)).toMatchObject({ deleted: [] });
    expect(await deleted()).toContain(gone);
  });

  it('but is somebody else’s, stays', async () => {
    const [userId = '', other = ''] = insert('users', 2);
    const [id = ''] = insert('expenses', 1, { fields: { userId } });
    await refetch({ by: 'member', entity: 'expenses', id: other }, id);
    await refetch({ by: 'member', entity: 'expenses', id: userId });
    await refetch({ by: 'member', entity: 'expenses', id: other }, id);
    expect(await live.differences('expenses', [id])).toEqual([]);
  });

  it('lies outside the window perhaps, which proves nothing', async () => {
    await refetch({ by: 'list', entity: 'assignments' }, gone);
    expect(await deleted()).toEqual([]);
  });
});
