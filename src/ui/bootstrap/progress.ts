import {
  type BootstrapStatus,
  countRows,
  type EntityState,
  type EntityStatus,
  type RunStatus,
} from '../../domain/bootstrap-status.ts';
import type { Formatter } from '../format.ts';
import { evidenceWords } from './words.ts';

/** The value and maximum of a progress bar; a null value means that the end is not known. */
export interface Bar {
  readonly value: number | null;
  readonly max: number;
}

export interface Summary {
  /** Entities that will not change any more in this run. */
  readonly settled: number;
  readonly total: number;
  /** From 0 to 1, each entity weighing the same. */
  readonly fraction: number;
  readonly rows: number;
  /** The longest estimate of the entities under way; null without any. */
  readonly etaSeconds: number | null;
  /** Whether some entity has no estimate yet, so that it may take longer. */
  readonly etaIsLeast: boolean;
}

/** Whether a run is under way, paused ones included: another cannot start. */
export function isUnderWay(status: RunStatus): boolean {
  return isMoving(status) || status === 'PAUSED';
}

/** Whether figures change by the second. */
export function isMoving(status: RunStatus): boolean {
  return status === 'PENDING' || status === 'RUNNING';
}

/** Adds up the entities of a run. */
export function summarise({ entities }: BootstrapStatus): Summary {
  const open = entities.filter((entity) => !isSettled(entity));
  const estimates = open.flatMap(({ etaSeconds }) => etaSeconds ?? []);
  return {
    settled: entities.length - open.length,
    total: entities.length,
    fraction: entities.length === 0 ? 0 : sum(entities.map(fractionOf)) / entities.length,
    rows: sum(entities.map(countRows)),
    etaSeconds: estimates.length === 0 ? null : Math.max(...estimates),
    etaIsLeast: estimates.length < open.length,
  };
}

/** How many entities are proven complete, and how many are in each other state; what does not occur is left out. */
export function countStates(entities: readonly EntityStatus[]) {
  const isProven = ({ complete, evidence }: EntityStatus) => complete === true && evidence !== null;
  const isOf = (wanted: EntityState) => (entity: EntityStatus) => entity.state === wanted && !isProven(entity);
  const groups = [
    { name: 'proven', words: 'proven complete', has: isProven },
    { name: 'unproven', words: 'not proven', has: isOf('read') },
    { name: 'reading', words: 'being read', has: isOf('reading') },
    { name: 'waiting', words: 'waiting', has: isOf('waiting') },
    { name: 'failed', words: 'failed', has: isOf('failed') },
    { name: 'skipped', words: 'skipped', has: isOf('skipped') },
  ] as const;
  return groups
    .map(({ name, words, has }) => ({ name, words, count: entities.filter(has).length }))
    .filter(({ count }) => count > 0);
}

/** The bar of one entity; null where none makes sense. */
export function barOf(entity: EntityStatus): Bar | null {
  const { state, expected } = entity;
  if (state === 'skipped' || state === 'waiting') return null;
  if (expected !== null && expected > 0) return { value: Math.min(countRows(entity), expected), max: expected };
  if (state === 'reading') return { value: null, max: 1 };
  return { value: state === 'read' ? 1 : 0, max: 1 };
}

/** Whether an entity is complete, in words; null while nothing is known. Proven only when the server names its evidence. */
export function completenessOf(entity: EntityStatus, format: Formatter): { proven: boolean; text: string } | null {
  const { complete, evidence, reason, expected } = entity;
  if (complete === true && evidence !== null) {
    const words = evidenceWords[evidence];
    return {
      proven: true,
      text: evidence === 'count' ? `${words} ${format.count(expected ?? countRows(entity))}` : words,
    };
  }
  if (reason !== null) return { proven: false, text: reason };
  return complete === null ? null : { proven: false, text: complete ? 'no evidence was given' : 'not proven complete' };
}

function isSettled({ state }: EntityStatus): boolean {
  return state === 'read' || state === 'skipped' || state === 'failed';
}

function fractionOf(entity: EntityStatus): number {
  if (isSettled(entity)) return 1;
  const bar = barOf(entity);
  return bar === null || bar.value === null ? 0 : bar.value / bar.max;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
