import type { EntityType } from './entities.ts';
import { exactly, narrow, nextPage, unseen } from './list-bracket.ts';
import type { PageAnswer } from './paging.ts';
import type { ParentRule, ReadingRule } from './reading-rules.ts';
import { findPopulation, measureKind, measureList, measureSample } from './surveyed-kind.ts';
import type { Measure, Population, SeenRow, SurveyedKind, SurveyedList } from './surveyed-kind.ts';

/** One page that would tell most about what is not known yet. */
export interface Look {
  readonly rule: ReadingRule;
  readonly parentId: string | null;
  readonly sweep: Readonly<Record<string, string>>;
  readonly page: number;
  readonly pageSize: number;
  /** Without it the estimate would be a guess. */
  readonly isEssential: boolean;
}

/** What one page showed. */
export interface SeenPage {
  readonly answer: PageAnswer;
  readonly rows: readonly SeenRow[];
}

export interface SurveyOptions {
  /** What is to be measured, in reading order. */
  readonly rules: readonly ReadingRule[];
  /** The parents that are known without looking; undefined for those whose kind is measured as well. */
  readonly knownParents: (rule: ParentRule) => Population | undefined;
  readonly pageSizeOf: (rule: ReadingRule) => number;
  readonly maxPages: number;
}

interface Candidate {
  readonly look: Look;
  /** Calls by which the estimate may get more certain. */
  readonly gain: number;
}

/** So many parents of a kind are looked at before their likeness counts. */
const smallestSample = 2;
/** So many further parents are proposed at a time. */
const samplesAtOnce = 3;
/** Looks that make less of a difference than this share of all calls are not worth a request. */
const tolerance = 0.01;
const noSweep = {};
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/**
 * Estimates what lists hold from few pages: always asks for those that leave least uncertain. Long lists are measured
 * by a search for their end, lists below many parents by a sample of the parents. The same answers give the same looks.
 */
export function createCostSurvey({ rules, knownParents, pageSizeOf, maxPages }: SurveyOptions) {
  const kinds = new Map<EntityType, SurveyedKind>(rules.map((rule) => [rule.entity, openKind(rule, pageSizeOf(rule))]));
  const childrenOf = (entity: EntityType): SurveyedKind[] =>
    [...kinds.values()].filter(({ rule }) => rule.parent?.entity === entity);
  /** What others hang on first: without it nothing can be said about them. */
  const inOrder = [...kinds.values()].toSorted(
    (a, b) => Number(childrenOf(b.rule.entity).length > 0) - Number(childrenOf(a.rule.entity).length > 0),
  );

  function parentsOf({ rule }: SurveyedKind): Population | null {
    if (rule.parent === undefined) return null;
    const known = knownParents(rule.parent);
    const parent = kinds.get(rule.parent.entity);
    return (
      known ?? (parent === undefined ? { count: 0, margin: 0, ids: [] } : findPopulation(parent, rule.parent, maxPages))
    );
  }

  const measure = (kind: SurveyedKind): Measure => measureKind(kind, parentsOf(kind), maxPages);

  /** Calls that one row more of this kind brings for the kinds below it. */
  function weightOf({ rule }: SurveyedKind): number {
    return childrenOf(rule.entity).reduce((sum, child) => sum + measureSample(child, Infinity, maxPages).mean, 0);
  }

  function candidatesOf(kind: SurveyedKind): Candidate[] {
    const parents = parentsOf(kind);
    if (kind.refusal !== null || kind.rule.paging === 'single') return [];
    return parents === null ? [...findEnds(kind), ...spreadLooks(kind)] : sampleLooks(kind, parents);
  }

  function findEnds(kind: SurveyedKind): Candidate[] {
    return kind.lists.flatMap((list) => {
      const { margin, rowsMargin } = measureList(kind.rule, list.bracket, maxPages);
      const gain = list.bracket.atMost === null ? Infinity : margin + rowsMargin * weightOf(kind);
      return toCandidate(kind, list, nextPage(list.bracket), gain);
    });
  }

  /** Where only some rows are parents, their share is taken from pages all over the list. */
  function spreadLooks(kind: SurveyedKind): Candidate[] {
    const [list] = kind.lists;
    const child = childrenOf(kind.rule.entity).find(({ rule }) => rule.parent?.onlyPaid);
    if (list === undefined || child === undefined || list.bracket.atLeast !== list.bracket.atMost) return [];
    const pages = Math.ceil(list.bracket.atLeast / list.bracket.pageSize);
    const isEnough = list.pages.size >= Math.min(smallestSample, pages);
    const gain = isEnough ? (parentsOf(child)?.margin ?? 0) : Infinity;
    return toCandidate(
      kind,
      list,
      findUnseen(pages, (page) => list.pages.has(page + 1)),
      gain,
    );
  }

  function sampleLooks(kind: SurveyedKind, parents: Population): Candidate[] {
    const { rule, lists } = kind;
    const { mean, doubt } = measureSample(kind, parents.count, maxPages);
    const open = lists.flatMap((list) => {
      const { margin } = measureList(rule, list.bracket, maxPages);
      const gain = list.bracket.atMost === null ? Infinity : (margin * parents.count) / lists.length;
      return toCandidate(kind, list, nextPage(list.bracket, mean), gain);
    });
    // The end of the first list tells where to start with the others.
    if (lists.length > 0 && lists.every(({ bracket }) => bracket.atMost === null)) return open;
    const gain = lists.length < smallestSample ? Infinity : parents.count * doubt;
    return [...open, ...newSamples(kind, parents, mean, gain)];
  }

  /** The first ones alone, then some at a time. */
  function newSamples(kind: SurveyedKind, { ids }: Population, mean: number, gain: number): Candidate[] {
    const taken = new Set(kind.lists.map(({ parentId }) => parentId));
    const candidates: Candidate[] = [];
    const most = kind.lists.length < smallestSample ? 1 : samplesAtOnce;
    for (let more = 1; more <= most; more++) {
      const position = findUnseen(ids.length, (index) => taken.has(ids[index] ?? null));
      if (position === null) break;
      const parentId = ids[position - 1] ?? null;
      taken.add(parentId);
      const list = openList(kind, parentId);
      candidates.push(...toCandidate(kind, list, nextPage(list.bracket, mean), gain / more));
    }
    return candidates;
  }

  return {
    /** At most so many pages to ask for now; none when more would not be worth it. */
    nextLooks(atMost: number): Look[] {
      const calls = [...kinds.values()].reduce((sum, kind) => sum + measure(kind).calls, 0);
      const worthwhile = inOrder.flatMap(candidatesOf).filter(({ gain }) => gain > tolerance * calls);
      const best = worthwhile.toSorted((a, b) => (a.gain === b.gain ? 0 : b.gain - a.gain));
      return best.slice(0, atMost).map(({ look }) => look);
    },

    note(look: Look, { answer, rows }: SeenPage): void {
      const { rule, page } = look;
      const kind = kinds.get(rule.entity);
      if (kind === undefined) return;
      const list = findOrOpen(kind, look);
      list.bracket = rule.paging === 'whole' ? exactly(list.bracket, rows.length) : narrow(list.bracket, page, answer);
      list.pages.set(page, childrenOf(rule.entity).length > 0 ? rows : []);
      kind.pageSize = Math.min(kind.pageSize, list.bracket.pageSize);
    },

    /** The page was refused for its size: the kind is asked for in pages half as large, from its start. */
    shrink({ rule, pageSize }: Look): void {
      const kind = kinds.get(rule.entity);
      if (kind === undefined || pageSize > kind.pageSize) return;
      kind.pageSize = Math.max(1, Math.floor(pageSize / 2));
      for (const list of kind.lists) Object.assign(list, { bracket: unseen(kind.pageSize), pages: new Map() });
    },

    /** The kind is closed to us. */
    refuse({ rule }: Look, reason: string): void {
      const kind = kinds.get(rule.entity);
      if (kind !== undefined) kind.refusal = reason;
    },

    /** What each kind will cost, by all that is known. */
    measures: (): { entity: EntityType; measure: Measure; refusal: string | null }[] =>
      [...kinds.values()].map((kind) => ({ entity: kind.rule.entity, measure: measure(kind), refusal: kind.refusal })),
  };
}

export type CostSurvey = ReturnType<typeof createCostSurvey>;

function openKind(rule: ReadingRule, pageSize: number): SurveyedKind {
  const kind: SurveyedKind = { rule, lists: [], pageSize, refusal: null };
  if (rule.parent === undefined) {
    kind.lists.push(...(rule.sweeps ?? [noSweep]).map((sweep) => ({ ...openList(kind, null), sweep })));
  }
  return kind;
}

const openList = ({ pageSize }: SurveyedKind, parentId: string | null, usualPages = 1): SurveyedList => ({
  parentId,
  sweep: noSweep,
  bracket: unseen(pageSize, usualPages),
  pages: new Map(),
});

function findOrOpen(kind: SurveyedKind, { parentId, sweep, page }: Look): SurveyedList {
  const found = kind.lists.find((list) => list.parentId === parentId && list.sweep === sweep);
  if (found !== undefined) return found;
  const opened = openList(kind, parentId, page);
  kind.lists.push(opened);
  return opened;
}

function toCandidate(kind: SurveyedKind, list: SurveyedList, page: number | null, gain: number): Candidate[] {
  if (page === null) return [];
  const { parentId, sweep, bracket } = list;
  const isEssential = gain === Infinity && bracket.atLeast === 0;
  return [{ gain, look: { rule: kind.rule, parentId, sweep, page, pageSize: bracket.pageSize, isEssential } }];
}

/** A number from 1 to `length` whose position is not taken, spread evenly however many there will be; null when all are. */
function findUnseen(length: number, isTaken: (position: number) => boolean): number | null {
  for (let step = 0; step < length; step++) {
    const position = Math.floor(((step * goldenRatio) % 1) * length);
    if (!isTaken(position)) return position + 1;
  }
  for (let position = 0; position < length; position++) if (!isTaken(position)) return position + 1;
  return null;
}
