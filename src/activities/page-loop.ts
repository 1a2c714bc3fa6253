import type { MikroORM } from '@mikro-orm/postgresql';
import { findParents } from '../db/reading-lists.ts';
import type { ClaimedLoop } from '../db/runs.ts';
import type { LoopRef } from '../db/mirror.ts';
import type { ReadingRule } from '../domain/reading-rules.ts';
import { buildWindow } from './page-request.ts';
import type { ReadingList } from './page-request.ts';

/**
 * The lists of one page loop after the given key, in order: the list itself, its sweeps, or one for each parent.
 * Parents are taken from the mirror in batches, so that a loop over thousands of them holds few in memory.
 */
export async function* listsAfter(
  orm: MikroORM,
  rule: ReadingRule,
  ref: LoopRef,
  { cursor, options, startedAt }: ClaimedLoop,
): AsyncGenerator<ReadingList> {
  const window = buildWindow(rule, options, new Date(startedAt));
  const query = { ...window };
  if (rule.parent === undefined) {
    const sweeps = rule.sweeps ?? [{}];
    const lists = sweeps.map((sweep, index) => ({
      key: `list-${index}`,
      parentId: null,
      query: { ...query, ...sweep },
    }));
    yield* lists.filter(({ key }) => key > cursor.after);
    return;
  }
  for (let after = cursor.after; ;) {
    const batch = await findParents(orm, {
      workspaceId: ref.workspaceId,
      rule: rule.parent,
      loop: ref.loop,
      loops: rule.loops,
      after,
    });
    yield* batch.map(({ key, id }) => ({ key, parentId: id, query }));
    const last = batch.at(-1);
    if (last === undefined) return;
    after = last.key;
  }
}
