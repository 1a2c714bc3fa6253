import type { EntityType, Row } from '../world/types.ts';

export interface Change {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly entity: EntityType;
  readonly key: string;
  readonly row: Row;
  /** The row an update replaced. */
  readonly before?: Row;
  /** What made a row come back, or two rows of one. */
  readonly cause?: 'restore' | 'split';
}

/** A window of time; deletions show up later than the rest. */
interface ChangeWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly deletedUntilMs: number;
}

/** What happened to a workspace after it was made; the entity feeds are read from it. */
export interface ChangeLog {
  add(change: Change): void;
  /** The last change of each entity in a window; of what came to be and changed again in it, nothing. */
  within(window: ChangeWindow): readonly Change[];
  /** The row as it was when it was deleted; undefined for what never was. */
  findDeleted(entity: EntityType, key: string): Row | undefined;
}

export function createChangeLog(): ChangeLog {
  const changes: Change[] = [];
  return {
    add: (change) => void changes.push(change),
    within({ fromMs, toMs, deletedUntilMs }) {
      const isSeen = ({ at, kind }: Change) => at >= fromMs && at <= (kind === 'deleted' ? deletedUntilMs : toMs);
      const byEntity = Map.groupBy(changes.filter(isSeen), ({ entity, key }) => `${entity}:${key}`);
      return [...byEntity.values()].flatMap((all) =>
        all.length > 1 && all[0]?.kind === 'created' ? [] : all.slice(-1),
      );
    },
    findDeleted: (entity, key) =>
      changes.findLast((change) => change.kind === 'deleted' && change.entity === entity && change.key === key)?.row,
  };
}
