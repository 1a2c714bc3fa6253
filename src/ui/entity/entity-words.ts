import type { EntityVersionLine, MirrorSource } from '../../domain/entity-history.ts';
import type { RefusalCode } from '../refusal.ts';

/** How the copy learned of a content. */
export const sourceWords = {
  scan: 'when its kind was read whole',
  event: 'by a webhook',
  delta: 'by a feed of changes',
  poll: 'when it was asked for again',
  write: 'by the add-on’s own change',
} as const satisfies Record<MirrorSource, string>;

/** What a version brought. */
export function describeVersion({ isDeleted, changed }: EntityVersionLine): string {
  if (isDeleted) return 'Gone in Clockify; its last content is kept.';
  if (changed === null) return 'The first that was kept.';
  return changed.length === 0 ? 'There again, as it was.' : `Changed: ${changed.join(', ')}`;
}

/** Where a refusal means something else here than for a run. */
export const entitySentences: Partial<Record<RefusalCode, string>> = {
  not_found: 'The copy does not hold it any more.',
};
