import type { CostEstimate, EntityCost, EstimateBasis } from './cost-estimate.ts';
import type { EntityType } from './entities.ts';
import { estimateMinutes } from './request-count.ts';
import type { Pace } from './request-count.ts';
import type { Measure } from './surveyed-kind.ts';

export interface MeasuredKind {
  readonly entity: EntityType;
  readonly measure: Measure;
  readonly basis: EstimateBasis;
  /** Why it cannot be read; null while it can. */
  readonly refusal: string | null;
}

export interface EstimateParts {
  /** In reading order. */
  readonly kinds: readonly MeasuredKind[];
  readonly pace: Pace;
  readonly plan: string | null;
  readonly usedThisHour: number;
  /** Requests that were sent for the estimate. */
  readonly requests: number;
  /** Something that the estimate needs was not looked at. */
  readonly isCut: boolean;
  /** When the oldest of the copies that were counted was begun; null: none was counted. */
  readonly countedSince: string | null;
}

/** What a new workspace on the FREE plan may be asked in an hour. */
const freeRequestsPerHour = 30;

/** The lowest of the rates, and the hourly limit that is known or that the plan makes likely. */
export function findPace(
  rates: readonly unknown[],
  { plan, hourlyLimits }: { plan: string | null; hourlyLimits: readonly (number | null)[] },
): Pace {
  const limits = hourlyLimits.filter((limit) => limit !== null);
  const likely = plan === 'FREE' ? freeRequestsPerHour : null;
  return {
    requestsPerSecond: Math.min(...rates.filter((rate) => typeof rate === 'number')),
    requestsPerHour: limits.length > 0 ? Math.min(...limits) : likely,
  };
}

const mostLooks = 60;

/** How many pages an estimate may ask for: of a small hourly budget no more than a third of what is left. */
export const countAffordableLooks = ({ requestsPerHour }: Pace, usedThisHour: number): number =>
  requestsPerHour === null ? mostLooks : Math.min(mostLooks, Math.floor((requestsPerHour - usedThisHour) / 3));

/** Adds up what the kinds cost. */
export function buildEstimate(parts: EstimateParts): CostEstimate {
  const { kinds, pace, plan, usedThisHour, requests } = parts;
  const entities = kinds.map(presentKind);
  const calls = entities.reduce((sum, entity) => sum + entity.calls, 0);
  return {
    calls,
    margin: Math.ceil(Math.hypot(...kinds.map(({ measure }) => measure.margin))),
    minutes: roundMinutes(estimateMinutes(calls, pace, usedThisHour)),
    basis: entities.some(({ basis }) => basis === 'probes') ? 'probes' : 'mirror',
    entities,
    requests,
    plan,
    pace,
    notes: writeNotes(parts, calls),
  };
}

const presentKind = ({ entity, measure, basis }: MeasuredKind): EntityCost => ({
  entity,
  calls: Math.round(measure.calls),
  margin: Math.ceil(measure.margin),
  rows: Math.round(measure.rows),
  basis,
});

const roundMinutes = (minutes: number): number => Math.ceil(minutes * 10) / 10;

function writeNotes({ kinds, pace, plan, isCut, requests, countedSince }: EstimateParts, calls: number): string[] {
  const withoutLimit = roundMinutes(estimateMinutes(calls, { ...pace, requestsPerHour: null }, 0));
  const notes = [
    countedSince !== null && `Counted in rows read since ${countedSince.slice(0, 10)}; what came later is not in it.`,
    isCut && `A rough estimate: no more than ${requests} requests were spent on it.`,
    plan === 'FREE' &&
      `New workspaces on the FREE plan are limited to ${freeRequestsPerHour} requests an hour. Without that limit it takes ${withoutLimit} minutes.`,
    ...kinds.map(
      ({ entity, refusal }) => refusal !== null && `${entity.replaceAll('_', ' ')} cannot be read: ${refusal}`,
    ),
  ];
  return notes.filter((note) => typeof note === 'string');
}
