import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import type { ParentRule } from '../domain/reading-rules.ts';
import { findParents } from './reading-lists.ts';

const { workspaceId } = owner;
const ofUsers: ParentRule = { entity: 'users', parameter: 'userId' };
const ofProjects: ParentRule = { entity: 'projects', parameter: 'projectId', archivedLast: true };
const ofInvoices: ParentRule = { entity: 'invoices', parameter: 'invoiceId', onlyPaid: true };

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(() => mirror.reset());

const store = (entity: string, id: string, payload: object = {}, workspace = workspaceId) =>
  mirror.rows(
    `insert into workspace_data (workspace_id, entity_type, entity_id, payload, hash, version, observed_at, changed_at)
     values ($1, $2, $3, $4, '', 1, now(), now())`,
    [workspace, entity, id, payload],
  );
async function idsOf(rule: ParentRule, given: { loop?: number; loops?: number; after?: string } = {}) {
  const parents = await findParents(mirror.orm, { workspaceId, rule, loop: 0, loops: 1, after: '', ...given });
  return parents.map(({ id }) => id);
}

describe('parents', () => {
  it('come in the order of their ids, byte by byte, after the place of the loop', async () => {
    for (const id of ['b', 'a', 'B', 'é', 'a-1', 'a1']) await store('users', id);
    expect(await idsOf(ofUsers)).toEqual(['B', 'a', 'a-1', 'a1', 'b', 'é']);
    expect(await idsOf(ofUsers, { after: 'a-1' })).toEqual(['a1', 'b', 'é']);
    expect(await idsOf(ofUsers, { after: 'é' })).toEqual([]);
  });

  it('that are archived come last where the rule says so', async () => {
    await store('projects', 'a', { archived: true });
    await store('projects', 'b', { archived: false });
    await store('projects', 'c');
    expect(await idsOf(ofProjects)).toEqual(['b', 'c', 'a']);
    const [first] = await findParents(mirror.orm, { workspaceId, rule: ofProjects, loop: 0, loops: 1, after: '' });
    expect(await idsOf(ofProjects, { after: first?.key ?? '' })).toEqual(['c', 'a']);
  });

  it('on which nothing was paid are left out where the rule says so', async () => {
    await store('invoices', 'paid', { paid: 100 });
    await store('invoices', 'part', { paid: 0.01 });
    await store('invoices', 'text', { paid: '5' });
    await store('invoices', 'open', { paid: 0 });
    await store('invoices', 'null', { paid: null });
    await store('invoices', 'unknown');
    expect(await idsOf(ofInvoices)).toEqual(['paid', 'part', 'text']);
  });

  it('that are deleted, of another kind or of another workspace are left out', async () => {
    await store('users', 'mine');
    await store('users', 'gone');
    await mirror.rows(`update workspace_data set deleted_at = now() where entity_id = 'gone'`);
    await store('tags', 'tag');
    await store('users', 'theirs', {}, stranger.workspaceId);
    expect(await idsOf(ofUsers)).toEqual(['mine']);
  });

  it('belong to exactly one of the loops each, and are spread', async () => {
    const all = Array.from({ length: 60 }, (_, index) => `u${String(index).padStart(2, '0')}`);
    for (const id of all) await store('users', id);
    const shares = await Promise.all([0, 1, 2, 3].map((loop) => idsOf(ofUsers, { loop, loops: 4 })));
    expect(shares.flat().sort()).toEqual(all);
    for (const share of shares) expect(share.length).toBeGreaterThan(0);
  });

  it('come in batches', async () => {
    await mirror.rows(
      `insert into workspace_data (workspace_id, entity_type, entity_id, payload, hash, version, observed_at, changed_at)
       select $1, 'users', 'u' || to_char(n, 'FM0000'), '{}', '', 1, now(), now() from generate_series(1, 450) n`,
      [workspaceId],
    );
    expect(await idsOf(ofUsers)).toHaveLength(200);
    expect(await idsOf(ofUsers, { after: 'u0400' })).toHaveLength(50);
  });
});
