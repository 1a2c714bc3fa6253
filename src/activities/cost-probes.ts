import { z } from 'zod';
import type { CostSurvey, Look, SeenPage } from '../domain/cost-survey.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import { AddonError } from '../domain/errors.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import type { Gateway } from './clockify-gateway.ts';
import type { Access } from './installation-access.ts';
import { readPage } from './page-answer.ts';
import type { Page } from './page-answer.ts';
import { buildPageRequest, buildWindow } from './page-request.ts';
import { isClosed } from './page-step.ts';

export interface ProbeDeps {
  readonly gateway: Gateway;
  readonly catalogue: Catalogue;
  readonly requestsPerSecond: number;
}

/** One estimate's way to Clockify. */
export interface Prober {
  ask(look: Look): Promise<SeenPage>;
  /** The workspace's subscription; null when that is closed to us. */
  askForPlan(): Promise<string | null>;
  /** Requests sent so far; pages that are still remembered cost none. */
  readonly sent: number;
}

export interface ProbeSession {
  readonly access: Access;
  readonly options: BootstrapOptions;
  /** What windows are counted from. */
  readonly now: Date;
  /** On the clock of `performance.now()`. */
  readonly endsAt: number;
}

interface Remembered extends SeenPage {
  readonly plan: string | null;
  readonly at: number;
}

const rememberedMs = 5 * 60_000;
const mostRemembered = 300;

/** Asks for single pages on behalf of somebody who waits. What one estimate saw the next one need not ask for again. */
export function createProbes({ gateway, catalogue, requestsPerSecond }: ProbeDeps) {
  const remembered = new Map<string, Remembered>();

  function remember(key: string, page: Remembered): Remembered {
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(key, page);
    return page;
  }

  return function openProber({ access, options, now, endsAt }: ProbeSession): Prober {
    const { installation, credential } = access;
    const { workspaceId } = installation;
    let sent = 0;

    async function read({ rule, parentId, sweep, page, pageSize }: Omit<Look, 'isEssential'>): Promise<Remembered> {
      const list = { key: '', parentId, query: { ...buildWindow(rule, options, now), ...sweep } };
      const request = buildPageRequest(catalogue, installation, workspaceId, { rule, list, page, pageSize });
      const key = JSON.stringify([workspaceId, request.url.href, request.body]);
      const known = remembered.get(key);
      if (known !== undefined && performance.now() - known.at < rememberedMs) return known;
      const left = Math.max(1, Math.ceil(endsAt - performance.now()));
      sent += 1;
      const answer = await gateway.call({
        ...request,
        workspaceId,
        lane: 'interactive',
        credential,
        requestsPerSecond,
        maxWaitMs: left,
        signal: AbortSignal.timeout(left),
      });
      return remember(key, { ...distill(readPage(rule, list, workspaceId, answer)), at: performance.now() });
    }

    return {
      get sent() {
        return sent;
      },
      ask: read,
      async askForPlan() {
        try {
          const rule = getReadingRule('workspace');
          return (await read({ rule, parentId: null, sweep: {}, page: 1, pageSize: 1 })).plan;
        } catch (error) {
          if (error instanceof AddonError && isClosed(error)) return null;
          throw error;
        }
      },
    };
  };
}

const payloadSchema = z.object({
  paid: z.coerce.number().catch(0),
  featureSubscriptionType: z.string().nullable().catch(null),
});

/** Keeps of the rows what an estimate needs. */
function distill({ answer, rows }: Page): SeenPage & { plan: string | null } {
  const payloads = rows.map(({ payload }) => payloadSchema.parse(payload));
  return {
    answer,
    rows: rows.map(({ id }, index) => ({ id, isPaid: (payloads[index]?.paid ?? 0) > 0 })),
    plan: payloads[0]?.featureSubscriptionType ?? null,
  };
}

type Lesson = () => void;
const nothing: Lesson = () => {};

const atOnce = 6;
const mostFailures = 3;
const passing: readonly ErrorCode[] = ['clockify_timeout', 'clockify_unavailable', 'clockify_answer_malformed'];
const pageTooLarge: readonly ErrorCode[] = ['clockify_page_too_large', 'clockify_request_wrong'];

/**
 * Looks until more would not be worth it, the number of looks is reached, or the time is up. True when it ended too
 * early. Throws `clockify_rate_limited` as soon as Clockify or the budget says no, and `clockify_timeout` when there was
 * no time for what an estimate needs.
 */
export async function conductSurvey(
  survey: CostSurvey,
  prober: Prober,
  limits: { readonly mostLooks: number; readonly endsAt: number },
): Promise<boolean> {
  const { mostLooks } = limits;
  const isOver = (): boolean => performance.now() >= limits.endsAt;
  let looks = 0;
  let failures = 0;

  /** What the answer means for the survey. */
  async function take(look: Look): Promise<Lesson> {
    try {
      const page = await prober.ask(look);
      return () => survey.note(look, page);
    } catch (error) {
      if (isOver()) return nothing;
      const lesson = error instanceof AddonError ? learnFrom(survey, look, error) : null;
      if (lesson === null) throw error;
      if (lesson === nothing) failures += 1;
      if (failures > mostFailures) throw error;
      return lesson;
    }
  }

  for (;;) {
    const next = survey.nextLooks(Math.max(1, Math.min(atOnce, mostLooks - looks)));
    if (next.length === 0) return false;
    if (looks >= mostLooks) return next.some(({ isEssential }) => isEssential);
    if (isOver()) {
      if (next.every(({ isEssential }) => !isEssential)) return true;
      throw new AddonError(
        'clockify_timeout',
        'Clockify answered too slowly for an estimate. Ask again: what was seen is remembered.',
      );
    }
    looks += next.length;
    // In the order of the looks, so that the same answers give the same looks in whatever order they come.
    for (const learn of await Promise.all(next.map(take))) learn();
  }
}

/** What a refusal tells; null when it ends the estimate. */
function learnFrom(survey: CostSurvey, look: Look, error: AddonError): Lesson | null {
  if (isClosed(error)) return () => survey.refuse(look, error.message);
  if (error.code === 'clockify_entity_gone' && look.parentId !== null) return () => survey.note(look, emptyList);
  if (pageTooLarge.includes(error.code) && look.pageSize > 1) return () => survey.shrink(look);
  return passing.includes(error.code) ? nothing : null;
}

const emptyList: SeenPage = { answer: { ids: [], digest: '', lastPage: true, count: null }, rows: [] };
