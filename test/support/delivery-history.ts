import fc from 'fast-check';
import { changingKinds } from './changing-kinds.ts';
import type { ChangingKind } from './changing-kinds.ts';

/** A member changes something; Clockify tells of it so many times, from `delay` steps later on. */
export interface Change {
  readonly kind: 'change';
  readonly of: ChangingKind;
  readonly verb: 'insert' | 'update' | 'remove';
  /** Which of the rows of the kind that the history has touched. */
  readonly pick: number;
  readonly content: 0 | 1;
  readonly times: number;
  readonly delay: number;
}

/** A run reads a list now, and stores it `delay` steps later; Infinity: when all else is over. */
export interface Scan {
  readonly kind: 'scan';
  readonly of: ChangingKind;
  readonly pick: number;
  readonly delay: number;
}

type Step =
  | Change
  | Scan
  /** One more worker looks into the mailbox; its answers arrive so many steps late. */
  | { readonly kind: 'drain'; readonly holds: readonly number[] }
  /** A delivery that came already comes again. */
  | { readonly kind: 'repeat'; readonly pick: number };

/** What happens in Clockify, and between Clockify and us, in the order of time. */
export type History = readonly Step[];

const of = fc.constantFrom(...changingKinds);
const pick = fc.nat(3);
const delay = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(6));

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constant('change'),
  of,
  verb: fc.constantFrom('insert', 'update', 'update', 'update', 'remove'),
  pick,
  content: fc.constantFrom(0, 1),
  times: fc.integer({ min: 1, max: 3 }),
  delay,
});
const scan: fc.Arbitrary<Scan> = fc.record({
  kind: fc.constant('scan'),
  of,
  pick,
  delay: fc.oneof(fc.nat(6), fc.constant(Infinity)),
});
const drain: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('drain' as const),
  holds: fc.array(delay, { maxLength: 6 }),
});
const repeat: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('repeat' as const), pick: fc.nat(20) });

export const history: fc.Arbitrary<History> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: change },
    { weight: 3, arbitrary: drain },
    { weight: 2, arbitrary: scan },
    { weight: 1, arbitrary: repeat },
  ),
  { minLength: 4, maxLength: 24, size: 'max' },
);
