import type { EntityType } from './entities.ts';

/**
 * What is to be fetched again, however we learned that it may have changed. `id`: one row. `parent`: the rows below one
 * parent. `member`: the rows of one member. `list`: every row of the kind.
 */
export type RefetchTarget =
  | {
      readonly by: 'id';
      readonly entity: EntityType;
      readonly id: string;
      /** The project of a task, where it is known; else the mirror may know it. */
      readonly parentId?: string;
      /** Nobody says that the id is one of this kind: only a row that the mirror holds is fetched. */
      readonly ifKnown?: true;
      /** Rows around its time, of the same member, may have changed with it. */
      readonly withNeighbours?: true;
    }
  | { readonly by: 'parent'; readonly entity: EntityType; readonly id: string }
  | { readonly by: 'member'; readonly entity: EntityType; readonly id: string }
  | { readonly by: 'list'; readonly entity: EntityType };

/** Fetching more targets of one kind again than this costs more than reading the kind. */
export const mostTargets = 500;

/** Equal for targets that one fetch serves. */
export const buildTargetKey = (target: RefetchTarget): string => {
  if (target.by === 'list') return `${target.entity}/list`;
  const isWide = target.by === 'id' && target.withNeighbours === true;
  return `${target.entity}/${target.by}/${target.id}${isWide ? '/neighbours' : ''}`;
};
