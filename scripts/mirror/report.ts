import { countRows } from '../../src/domain/bootstrap-status.ts';
import type { BootstrapStatus, EntityStatus, Evidence } from '../../src/domain/bootstrap-status.ts';
import type { CostEstimate } from '../../src/domain/cost-estimate.ts';
import { formatNumber, formatSeconds, formatTable } from '../demo/text-table.ts';

/** What a run would cost, for the person who decides about it. */
export function renderEstimate({ calls, margin, minutes, entities, plan, pace, notes }: CostEstimate): string[] {
  const rows = entities.map((cost) => [cost.entity, formatNumber(cost.calls), formatNumber(cost.rows)]);
  const hourly = pace.requestsPerHour === null ? '' : ` and ${formatNumber(pace.requestsPerHour)} an hour`;
  return [
    ...formatTable([['entity', 'requests', 'rows'], ...rows], [1, 2]),
    '',
    `About ${formatNumber(calls)} requests, give or take ${formatNumber(margin)}; all of them read, none writes.`,
    `At ${formatNumber(pace.requestsPerSecond)} a second${hourly} that takes ${formatSeconds(minutes * 60)} or more.`,
    ...(plan === null ? [] : [`Plan: ${plan}`]),
    ...notes,
  ];
}

const evidenceWords = {
  count: 'Clockify counted them',
  last_page: 'up to the last page',
  whole_list: 'the whole list at once',
  single_object: 'one object',
  every_parent: 'every list of its parents',
} as const satisfies Record<Evidence, string>;

function presentProof({ state, complete, evidence, reason, lastError }: EntityStatus): string {
  if (state === 'skipped') return `not read: ${reason ?? 'no reason given'}`;
  if (complete !== true) return `NO: ${reason ?? lastError ?? state}`;
  return evidence === null ? 'yes' : `yes: ${evidenceWords[evidence]}`;
}

/** What was copied of each kind of rows, and how we know that it is all. */
export function renderProof({ status, requests, entities }: BootstrapStatus): string[] {
  const rows = entities.map((entity) => [
    entity.entity,
    formatNumber(countRows(entity)),
    entity.expected === null ? '' : formatNumber(entity.expected),
    presentProof(entity),
  ]);
  const table = formatTable([['entity', 'copied', 'in Clockify', 'complete?'], ...rows], [1, 2]);
  return [...table, '', `Run ${status}, ${formatNumber(requests)} requests`];
}

/** Whether the run came to its end and proved every kind of rows that it could read. */
export const isProven = ({ status, entities }: BootstrapStatus): boolean =>
  status.startsWith('COMPLETED') &&
  entities.some(({ complete }) => complete === true) &&
  entities.every(({ state, complete }) => state === 'skipped' || complete === true);
