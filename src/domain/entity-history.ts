import type { EntityType } from './entities.ts';

/** How we learned of a content: by a run's scan, a delivery, a feed of changes, a poll, or because we wrote it. */
export type MirrorSource = 'scan' | 'event' | 'delta' | 'poll' | 'write';

/** How an entity was for a while, without what it held. Times are ISO 8601 in UTC. */
export interface EntityVersionLine {
  readonly version: number;
  readonly source: MirrorSource;
  readonly isDeleted: boolean;
  readonly from: string;
  /** Null: it still is. */
  readonly to: string | null;
  /** The top-level members whose values differ from the version before, by name; null where no version before was kept. */
  readonly changed: readonly string[] | null;
}

/** An entity as the mirror holds it, and how it came to be so. */
export interface EntityHistory {
  readonly kind: EntityType;
  readonly id: string;
  readonly parentId: string | null;
  readonly version: number;
  /** A deleted one keeps its last content. */
  readonly isDeleted: boolean;
  readonly source: MirrorSource;
  /** When the request that showed it so left, or the reading that missed it began. */
  readonly observedAt: string;
  readonly changedAt: string;
  /** Newest first. */
  readonly versions: readonly EntityVersionLine[];
  /** Given as `cursor`, it brings the versions before these; null after the first. */
  readonly next: string | null;
}

/** What an entity held in one of its versions. */
export interface EntityContent {
  readonly version: number;
  readonly payload: Readonly<Record<string, unknown>>;
}
