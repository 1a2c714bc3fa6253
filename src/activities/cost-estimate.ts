import type { MikroORM } from '@mikro-orm/postgresql';
import { loadBudget } from '../db/budget.ts';
import { findLearnedPageSizes } from '../db/copied-lists.ts';
import { withWorkspace } from '../db/orm.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { BudgetStatus } from '../domain/bootstrap-status.ts';
import { buildPlan } from '../domain/bootstrap-plan.ts';
import { buildEstimate, countAffordableLooks, findPace } from '../domain/build-estimate.ts';
import type { MeasuredKind } from '../domain/build-estimate.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { CostEstimate } from '../domain/cost-estimate.ts';
import { createCostSurvey } from '../domain/cost-survey.ts';
import { AddonError } from '../domain/errors.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import type { ParentRule, ReadingRule } from '../domain/reading-rules.ts';
import type { Population } from '../domain/surveyed-kind.ts';
import type { Access, InstallationAccess } from './installation-access.ts';
import { countCopiedCosts } from './copied-costs.ts';
import type { CopiedCosts } from './copied-costs.ts';
import { conductSurvey, createProbes } from './cost-probes.ts';
import type { ProbeDeps, Prober } from './cost-probes.ts';

export interface CostEstimateDeps extends ProbeDeps {
  readonly orm: MikroORM;
  readonly access: InstallationAccess;
  readonly hourlyLimit: number | null;
  readonly pageSize: number;
  readonly maxPages: number;
  /** How long somebody waits for the answer at most. */
  readonly longestMs: number;
}

export type EstimateCost = (ref: InstallationRef, options: BootstrapOptions) => Promise<CostEstimate>;

const hourMs = 3_600_000;

/**
 * Estimates what a run would cost, by the plan and the rules of the run itself: from the rows we hold where there is a
 * copy, and from at most 60 requests where there is none. Throws `clockify_rate_limited` when the budget does not
 * allow them, and other `clockify_…` codes when Clockify does not answer.
 */
export function createCostEstimate(deps: CostEstimateDeps): EstimateCost {
  const openProber = createProbes(deps);

  return async function estimateCost(ref, options) {
    const endsAt = performance.now() + deps.longestMs;
    const access = await deps.access.open(ref);
    // To the hour, so that windows stay the same while somebody compares options.
    const now = new Date(Math.floor(Date.now() / hourMs) * hourMs);
    const rules = buildPlan(options).map(({ entity }) => getReadingRule(entity));
    const known = await loadKnown(deps, access, { rules, options, now });
    const prober = openProber({ access, options, now, endsAt });
    const isCopied = rules.every(({ entity }) => known.copied.measures.has(entity));
    const plan = access.installation.plan ?? (isCopied ? null : await prober.askForPlan());
    const pace = findPace([deps.requestsPerSecond, options.requestsPerSecond, known.ownRate], {
      plan,
      hourlyLimits: [known.budget.hourlyLimit],
    });
    const usedThisHour = known.budget.hourlyUsed ?? 0;
    const mostLooks = countAffordableLooks(pace, usedThisHour);
    const measured = await measureKinds(deps, rules, { ...known, prober, mostLooks, endsAt });
    const { sent: requests } = prober;
    return buildEstimate({ ...measured, pace, plan, usedThisHour, requests, countedSince: known.copied.since });
  };
}

interface Known {
  readonly copied: CopiedCosts;
  readonly budget: BudgetStatus;
  readonly pageSizeOf: (rule: ReadingRule) => number;
  /** The workspace's own setting. */
  readonly ownRate: unknown;
}

interface Wanted {
  readonly rules: readonly ReadingRule[];
  readonly options: BootstrapOptions;
  readonly now: Date;
}

/** What needs no request. */
function loadKnown(deps: CostEstimateDeps, { installation }: Access, wanted: Wanted): Promise<Known> {
  const { workspaceId, settings } = installation;
  const { maxPages } = deps;
  return withWorkspace(deps.orm, workspaceId, async (em) => {
    const learned = await findLearnedPageSizes(em, workspaceId);
    const pageSizeOf = ({ entity, pageSize = deps.pageSize }: ReadingRule): number =>
      Math.min(pageSize, learned.get(entity) ?? pageSize);
    return {
      pageSizeOf,
      budget: await loadBudget(em, workspaceId, deps.requestsPerSecond, deps.hourlyLimit),
      copied: await countCopiedCosts(em, { workspaceId, ...wanted, pageSizeOf, maxPages }),
      ownRate: settings['requests_per_second'],
    };
  });
}

interface Surveying extends Known {
  readonly prober: Prober;
  readonly mostLooks: number;
  readonly endsAt: number;
}

/** Takes what is copied as counted, and surveys the rest. */
async function measureKinds(
  { maxPages }: CostEstimateDeps,
  rules: readonly ReadingRule[],
  { copied, pageSizeOf, prober, ...limits }: Surveying,
): Promise<{ kinds: MeasuredKind[]; isCut: boolean }> {
  const missing = rules.filter(({ entity }) => !copied.measures.has(entity));
  if (missing.length > 0 && limits.mostLooks < 1) {
    throw new AddonError('clockify_rate_limited', 'No request is left in this hour for an estimate.');
  }
  const knownParents = (parent: ParentRule): Population | undefined => copied.parents.get(parent);
  const survey = createCostSurvey({ rules: missing, knownParents, pageSizeOf, maxPages });
  const isCut = await conductSurvey(survey, prober, limits);
  const surveyed = new Map(survey.measures().map((kind) => [kind.entity, kind]));
  const kinds = rules.flatMap(({ entity }): MeasuredKind[] => {
    const measure = copied.measures.get(entity);
    if (measure !== undefined) return [{ entity, measure, basis: 'mirror', refusal: null }];
    const kind = surveyed.get(entity);
    return kind === undefined ? [] : [{ ...kind, basis: 'probes' }];
  });
  return { kinds, isCut };
}
