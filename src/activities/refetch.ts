import { findHeld, findUnseen, saveGone } from '../db/observations.ts';
import type { EntityType } from '../domain/entities.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import type { RefetchTarget } from '../domain/refetch-target.ts';
import { at } from './page-answer.ts';
import { planRefetch } from './refetch-plan.ts';
import type { RefetchPlan } from './refetch-plan.ts';
import { readLists } from './refetch-reading.ts';
import type { Reader, Reading, RefetchDeps } from './refetch-reading.ts';

/** Ids of the target's kind whose rows changed in the mirror. */
export interface Refetched {
  /** Database time before which nothing of it was asked for; null when nothing was. */
  readonly began: string | null;
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
}

/** `named`: rows that are said to be among what is fetched; one that is not there is gone, even if it was never held. */
export type Refetch = (reader: Reader, target: RefetchTarget, named?: readonly string[]) => Promise<Refetched>;

/**
 * Fetches a target again and brings the mirror to what came: the same rows a scan would store, never over a newer
 * observation. Doing it twice, or several at once, leaves what the latest request saw. Waits in the bulk line of the
 * budget. Throws what the gateway throws, and `installation_inactive`.
 */
export function createRefetch(deps: RefetchDeps): Refetch {
  return async function refetch(reader, given, named = []) {
    const target = await resolve(deps, reader, given);
    if (target === null) return { began: null, changed: [], deleted: [] };
    const plan = planRefetch(target, new Date());
    const reading = await readLists(deps, reader, plan);
    const deleted = await deleteUnseen(deps, reader, plan, reading, named);
    if (target.by === 'member') await proveAbsent(target.entity, reader, reading, named);
    const near = isWide(target) ? await readNeighbours(deps, reader, reading) : [];
    return { began: reading.began, changed: [...reading.changed, ...near], deleted };
  };

  /** A named row that is neither the member's nor held may be gone, or somebody else's: that is asked for by its id. */
  async function proveAbsent(
    entity: EntityType,
    reader: Reader,
    { isComplete, rows }: Reading,
    named: readonly string[],
  ): Promise<void> {
    const { workspaceId } = reader;
    for (const id of isComplete ? named : []) {
      if (rows.some((row) => row.id === id)) continue;
      const held = await findHeld(deps.orm, { workspaceId, entity, id });
      if (held === undefined) await createRefetch(deps)(reader, { by: 'id', entity, id });
    }
  }
}

const isWide = (target: RefetchTarget): boolean => target.by === 'id' && target.withNeighbours === true;

/** Finds in the mirror what the target leaves open; null when there is nothing that could be asked for. */
async function resolve({ orm }: RefetchDeps, { workspaceId }: Reader, target: RefetchTarget) {
  if (target.by !== 'id' || target.parentId !== undefined) return target;
  const isBelow = getReadingRule(target.entity).parent !== undefined && target.entity === 'tasks';
  if (!target.ifKnown && !isBelow) return target;
  const { entity, id } = target;
  const held = await findHeld(orm, { workspaceId, entity, id });
  if (held === undefined || (isBelow && held.parent === null)) return null;
  return { ...target, ...(held.parent !== null && { parentId: held.parent }) };
}

/**
 * Marks what a complete reading missed as gone. A list of several pages can lose a row between two of them when it
 * changes meanwhile, so it is read once more, and only what is missing from both readings is gone.
 */
async function deleteUnseen(
  deps: RefetchDeps,
  reader: Reader,
  plan: RefetchPlan,
  reading: Reading,
  named: readonly string[],
): Promise<readonly string[]> {
  if (plan.extent === null || !reading.isComplete) return [];
  const { workspaceId, source } = reader;
  const observation = { workspaceId, source, entity: plan.rule.entity };
  const missingFrom = ({ began, rows }: Reading, extent: RefetchPlan['extent']) =>
    extent === null
      ? []
      : findUnseen(
          deps.orm,
          { ...observation, observedAt: began },
          rows.map(({ id }) => id),
          extent,
        );
  const isWhole = plan.extent.kind === 'list' && plan.extent.times === null;
  const seen = new Set(reading.rows.map(({ id }) => id));
  const absent = isWhole ? named.filter((id) => !seen.has(id)) : [];
  const missing = [...new Set([...(await missingFrom(reading, plan.extent)), ...absent])];
  if (missing.length === 0) return [];
  if (reading.pages === 1) return saveGone(deps.orm, { ...observation, observedAt: reading.began }, missing);
  const second = await readLists(deps, reader, plan);
  if (!second.isComplete) return [];
  const gone = await missingFrom(second, { kind: 'rows', ids: missing });
  return saveGone(deps.orm, { ...observation, observedAt: reading.began }, gone);
}

const dayMs = 86_400_000;

/** The entries of the same member within a day around an entry; bounds are read as the member's wall clock. */
async function readNeighbours(
  deps: RefetchDeps,
  reader: Reader,
  { rows: [entry] }: Reading,
): Promise<readonly string[]> {
  if (entry === undefined || entry.parent === null) return [];
  const bound = (key: string, days: number): Record<string, string> => {
    const time = Date.parse(String(at(entry.payload, ['timeInterval', key])));
    if (Number.isNaN(time)) return {};
    return { [key]: new Date(time + days * dayMs).toISOString().replace(/\.\d+Z$/, 'Z') };
  };
  const query = { ...bound('start', -1), ...bound('end', 1) };
  const plan = planRefetch({ by: 'parent', entity: 'time_entries', id: entry.parent }, new Date());
  const lists = plan.lists.map((list) => ({ ...list, query }));
  return (await readLists(deps, reader, { ...plan, lists, extent: null })).changed;
}
