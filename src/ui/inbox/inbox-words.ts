import type { DeliveryState, InboxLine } from '../../domain/inbox.ts';
import { isErrorCode, type RefusalCode } from '../refusal.ts';
import { sentenceOf } from '../sentences.ts';

export const deliveryWords = {
  received: 'Waiting',
  processed: 'Processed',
  quarantined: 'Not understood',
  parked: 'Given up',
} as const satisfies Record<DeliveryState, string>;

const effects: Readonly<Record<string, string>> = {
  changed: 'The copy was changed.',
  unchanged: 'The copy was right already.',
  deleted: 'It is gone in Clockify, and marked as deleted in the copy.',
  ignored: 'It names nothing that could be fetched.',
};

const faults: Readonly<Record<string, string>> = {
  not_utf8: 'The body is no text.',
  not_json: 'The body is no JSON.',
  not_an_object: 'The body is JSON, but no object.',
  character_not_storable: 'The body holds a character that cannot be stored.',
  not_storable: 'The database could not store the body as JSON.',
  too_deep: 'The body is nested too deeply.',
  too_many_keys: 'The body has too many members.',
  key_too_long: 'The body has a member with too long a name.',
  number_out_of_range: 'The body holds a number that is too large or too small.',
};

/** What came of a delivery, or why nothing did; null while nothing can be said. */
export function describeOutcome({ state, effect, reason, attempts }: InboxLine): string | null {
  if (reason !== null) return describeReason(reason, state === 'received' ? attempts : 0);
  return state === 'processed' ? (effects[effect ?? ''] ?? effect) : null;
}

function describeReason(reason: string, attempts: number): string {
  const sentence = faults[reason] ?? (isErrorCode(reason) ? sentenceOf(reason) : reason);
  return attempts === 0 ? sentence : `${sentence} Tried ${attempts} ${attempts === 1 ? 'time' : 'times'} so far.`;
}

/** Where a refusal means something else here than for a run. */
export const inboxSentences: Partial<Record<RefusalCode, string>> = {
  not_found: 'The delivery is not there any more.',
  conflict: 'A delivery that was not understood cannot be processed, now or later.',
  validation_failed: 'The filter is not one that the server knows.',
};
