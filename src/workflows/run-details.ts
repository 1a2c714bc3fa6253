import type { PlannedEntity } from '../domain/bootstrap-plan.ts';
import type { EntityType } from '../domain/entities.ts';
import type { EntityResult } from './entity.ts';

interface Run {
  readonly plan: readonly PlannedEntity[];
  readonly readings: ReadonlyMap<EntityType, unknown>;
  readonly results: ReadonlyMap<EntityType, EntityResult>;
  readonly stops: { readonly operator: boolean; readonly switchedOff: boolean };
}

/** The run as a Markdown table, for the details pane of the Temporal Web UI. */
export function presentRun({ plan, readings, results, stops }: Run): string {
  const lines = plan.map(({ entity }) => {
    const result = results.get(entity);
    if (result === undefined) return `| ${entity} | ${readings.has(entity) ? 'reading' : 'waiting'} | | |`;
    const proof = result.complete === true ? 'complete' : (result.reason ?? '');
    return `| ${entity} | ${result.state} | ${result.rows} | ${proof} |`;
  });
  return [...presentStops(stops), '| rows of | state | read | proof |', '|---|---|---|---|', ...lines].join('\n');
}

function presentStops({ operator, switchedOff }: Run['stops']): string[] {
  if (switchedOff) return ['**Waiting: the add-on is switched off in Clockify.**', ''];
  return operator ? ['**Paused.** Send the update `resume` to go on.', ''] : [];
}
