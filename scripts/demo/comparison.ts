import type { EntityStatus } from '../../src/domain/bootstrap-status.ts';
import type { Content } from './mirror.ts';
import { formatNumber, formatTable } from './text-table.ts';

export interface ComparedEntity {
  readonly entity: string;
  readonly inClockify: number;
  readonly inMirror: number;
  /** Undefined: complete, equal, and the status says so. */
  readonly fault: string | undefined;
  /** Why it was not to be read. */
  readonly skipped: string | undefined;
}

const nothing: Content = { count: 0, hash: '' };

function findFault(status: EntityStatus, truth: Content, mirror: Content): string | undefined {
  if (status.state === 'skipped') {
    return truth.count + mirror.count === 0 ? undefined : 'skipped, yet there are rows';
  }
  if (status.complete !== true) return status.reason ?? status.lastError ?? `not complete (${status.state})`;
  if (mirror.count !== truth.count) return 'another number of rows';
  if (truth.count > 0 && mirror.hash !== truth.hash) return 'other contents';
  return undefined;
}

/** Sets the simulator's own account of the workspace against the mirror, entity by entity. */
export function compareMirror(
  entities: readonly EntityStatus[],
  truth: ReadonlyMap<string, Content>,
  mirror: ReadonlyMap<string, Content>,
): ComparedEntity[] {
  return entities.map((status) => {
    const inClockify = truth.get(status.entity) ?? nothing;
    const inMirror = mirror.get(status.entity) ?? nothing;
    return {
      entity: status.entity,
      inClockify: inClockify.count,
      inMirror: inMirror.count,
      fault: findFault(status, inClockify, inMirror),
      skipped: status.state === 'skipped' ? (status.reason ?? 'no reason given') : undefined,
    };
  });
}

function presentVerdict({ fault, skipped }: ComparedEntity): string {
  if (fault !== undefined) return `NO: ${fault}`;
  return skipped === undefined ? 'yes, same contents' : `not read: ${skipped}`;
}

export function renderComparison(compared: readonly ComparedEntity[]): string[] {
  const rows = compared.map((entity) => [
    entity.entity,
    formatNumber(entity.inClockify),
    formatNumber(entity.inMirror),
    presentVerdict(entity),
  ]);
  return formatTable([['entity', 'in Clockify', 'in our mirror', 'complete?'], ...rows], [1, 2]);
}
