import type { EntityType, Row } from '../world/types.ts';

export interface Change {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly entity: EntityType;
  readonly key: string;
  readonly row: Row;
}

/** What happened to a workspace after it was made; the entity feeds are read from it. */
export interface ChangeLog {
  add(change: Change): void;
  between(kind: Change['kind'], fromMs: number, toMs: number): readonly Change[];
}

export function createChangeLog(): ChangeLog {
  const changes: Change[] = [];
  const latest = new Map<string, Change>();
  const nameOf = (change: Change) => `${change.entity}:${change.key}`;
  return {
    add(change) {
      changes.push(change);
      latest.set(nameOf(change), change);
    },
    /** Leaves out what was changed again later: the platform's feeds show an entity's last state only. */
    between: (kind, fromMs, toMs) =>
      changes.filter(
        (change) =>
          change.kind === kind && change.at >= fromMs && change.at <= toMs && latest.get(nameOf(change)) === change,
      ),
  };
}
