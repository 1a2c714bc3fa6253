import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { addOperatorAction, findBrokenOperatorAction, loadOperatorActions } from './operator-actions.ts';
import type { NewOperatorAction } from './operator-actions.ts';
import { withWorkspace } from './orm.ts';

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(() => mirror.reset());

const add = (orderId: string, changes: Partial<NewOperatorAction> = {}) => {
  const action: NewOperatorAction = {
    ...owner,
    orderId,
    runId: 'run-1',
    verb: 'pause',
    entity: null,
    actor: 'ada',
    reason: 'month end',
    effect: 'Paused.',
    ...changes,
  };
  return withWorkspace(mirror.orm, action.workspaceId, (em) => addOperatorAction(em, action));
};
const seqs = async (ref = owner) => (await loadOperatorActions(mirror.orm, ref, 50)).map(({ seq }) => seq);

describe('the log of orders', () => {
  it('keeps who ordered what and why, newest first', async () => {
    await add('1');
    await add('2', { verb: 'skipEntity', entity: 'tags', reason: null, effect: 'Skipped tags.' });
    expect(await loadOperatorActions(mirror.orm, owner, 50)).toEqual([
      expect.objectContaining({ seq: 2, verb: 'skipEntity', entity: 'tags', reason: null, effect: 'Skipped tags.' }),
      expect.objectContaining({ seq: 1, verb: 'pause', entity: null, actor: 'ada', reason: 'month end' }),
    ]);
    expect((await loadOperatorActions(mirror.orm, owner, 1)).map(({ seq }) => seq)).toEqual([2]);
  });

  it('writes an order once, however often it is told', async () => {
    await Promise.all(Array.from({ length: 5 }, () => add('1')));
    expect(await seqs()).toEqual([1]);
  });

  it('numbers orders that come at the same time one after the other', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => add(String(index))));
    expect(await seqs()).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(await findBrokenOperatorAction(mirror.orm, owner)).toBeNull();
  });

  it('counts for each installation on its own', async () => {
    await add('1');
    await add('1', stranger);
    expect(await seqs(stranger)).toEqual([1]);
  });
});

describe('a line', () => {
  it.each([`update operator_actions set actor = 'eve'`, 'delete from operator_actions'])(
    'cannot be touched by %s, not even by a superuser',
    async (sql) => {
      await add('1');
      await expect(mirror.rows(sql)).rejects.toThrow('append-only');
    },
  );

  it.each([
    ['is changed', `update operator_actions set reason = 'none' where seq = 2`, 2],
    ['is taken out', 'delete from operator_actions where seq = 2', 3],
    ['at the start is taken out', 'delete from operator_actions where seq = 1', 2],
  ])('that %s behind the back of the log is found', async (_, sql, broken) => {
    for (const id of ['1', '2', '3']) await add(id);
    expect(await findBrokenOperatorAction(mirror.orm, owner)).toBeNull();
    await mirror.rows('alter table operator_actions disable trigger keep_operator_actions');
    await mirror.rows(sql);
    await mirror.rows('alter table operator_actions enable trigger keep_operator_actions');
    expect(await findBrokenOperatorAction(mirror.orm, owner)).toBe(broken);
  });

  it('goes with the purge of its own installation, and with no other', async () => {
    await add('1');
    const purgeAs = (name: string) =>
      withWorkspace(mirror.orm, owner.workspaceId, async (em) => {
        await em.execute(`select set_config('app.purging', ?, true)`, [name]);
        await em.execute('delete from operator_actions');
      });
    await expect(purgeAs('another:installation')).rejects.toThrow('append-only');
    await purgeAs(`${owner.workspaceId}:${owner.addonId}`);
    expect(await seqs()).toEqual([]);
  });
});
