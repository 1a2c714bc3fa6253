import { expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { createCostSurvey } from '../domain/cost-survey.ts';
import type { CostSurvey, Look, SeenPage } from '../domain/cost-survey.ts';
import type { EntityType } from '../domain/entities.ts';
import { AddonError } from '../domain/errors.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import { conductSurvey } from './cost-probes.ts';

const open = (...entities: EntityType[]): CostSurvey =>
  createCostSurvey({
    rules: entities.map(getReadingRule),
    knownParents: () => undefined,
    pageSizeOf: () => 200,
    maxPages: 1_000,
  });

/** A list of so many rows; every one of them a project of its own. */
function page({ page: number, pageSize }: Look, rows: number): SeenPage {
  const got = Math.max(0, Math.min(pageSize, rows - (number - 1) * pageSize));
  const ids = Array.from({ length: got }, (_, index) => `${number}-${index}`);
  return {
    answer: { ids, digest: '', lastPage: number * pageSize >= rows, count: null },
    rows: ids.map((id) => ({ id, isPaid: false })),
  };
}

const prober = (ask: (look: Look) => SeenPage | Promise<SeenPage>) => ({
  ask: async (look: Look) => ask(look),
  askForPlan: () => Promise.resolve(null),
  sent: 0,
});
const soon = () => performance.now() + 60_000;
const refusal = (code: ErrorCode) => new AddonError(code, 'No.');
const callsOf = (survey: CostSurvey) => survey.measures().map(({ measure }) => measure.calls);

it('looks until more would not be worth it', async () => {
  const survey = open('projects');
  const isCut = await conductSurvey(
    survey,
    prober((look) => page(look, 2_255)),
    { mostLooks: 60, endsAt: soon() },
  );
  expect(isCut).toBe(false);
  expect(callsOf(survey)).toEqual([12]);
});

it('asks the same in whatever order answers come', async () => {
  const lengths = fc.array(fc.nat(3_000), { minLength: 5, maxLength: 5 });
  const property = fc.asyncProperty(lengths, async (rows) => {
    const answer = (look: Look): SeenPage => {
      const place = Number(look.parentId?.split('-')[1] ?? 0) % rows.length;
      return page(look, look.parentId === null ? 2_255 : (rows[place] ?? 0));
    };
    expect(await listLooks(lastFirst(answer))).toEqual(await listLooks(answer));
  });
  await fc.assert(property, { numRuns: 50, endOnFailure: true });
});

/** Of what is asked at once, the last is answered first. */
function lastFirst(answer: (look: Look) => SeenPage): (look: Look) => Promise<SeenPage> {
  const waiting: (() => void)[] = [];
  return (look) =>
    new Promise((resolve) => {
      waiting.unshift(() => resolve(answer(look)));
      setImmediate(() => waiting.shift()?.());
    });
}

async function listLooks(answer: (look: Look) => SeenPage | Promise<SeenPage>): Promise<unknown[]> {
  const looks: unknown[] = [];
  const asked = prober((look) => {
    looks.push([look.rule.entity, look.parentId, look.page]);
    return answer(look);
  });
  await conductSurvey(open('projects', 'tasks', 'users', 'time_entries'), asked, { mostLooks: 60, endsAt: soon() });
  return looks;
}

it('says when something stayed unseen for want of looks', async () => {
  const limits = { mostLooks: 1, endsAt: soon() };
  expect(
    await conductSurvey(
      open('projects', 'tags'),
      prober((look) => page(look, 10)),
      limits,
    ),
  ).toBe(true);
  expect(
    await conductSurvey(
      open('projects'),
      prober((look) => page(look, 10)),
      limits,
    ),
  ).toBe(false);
});

it('refuses to guess when time is up before everything was seen', async () => {
  const limits = { mostLooks: 60, endsAt: performance.now() };
  const survey = conductSurvey(
    open('projects'),
    prober((look) => page(look, 10)),
    limits,
  );
  await expect(survey).rejects.toMatchObject({ code: 'clockify_timeout' });
});

it('makes do with what was seen when time is up later', async () => {
  let endsAt = soon();
  const survey = open('projects');
  const slow = prober((look) => {
    if (look.page > 1) endsAt = performance.now();
    return page(look, 100_000);
  });
  const limits = {
    mostLooks: 60,
    get endsAt() {
      return endsAt;
    },
  };
  expect(await conductSurvey(survey, slow, limits)).toBe(true);
  expect(callsOf(survey)[0]).toBeGreaterThan(8);
});

it('passes over a parent that was deleted meanwhile', async () => {
  const survey = open('projects', 'tasks');
  const asked = prober((look) => {
    if (look.rule.entity === 'projects') return page(look, 10);
    if (look.parentId === '1-0') throw refusal('clockify_entity_gone');
    return page(look, 450);
  });
  await conductSurvey(survey, asked, { mostLooks: 60, endsAt: soon() });
  expect(callsOf(survey)).toEqual([1, 28]);
});

it('notes a kind that is closed, and goes on', async () => {
  const survey = open('projects', 'tags');
  const asked = prober((look) => {
    if (look.rule.entity === 'tags') throw refusal('clockify_feature_gated');
    return page(look, 450);
  });
  await conductSurvey(survey, asked, { mostLooks: 60, endsAt: soon() });
  expect(survey.measures()).toMatchObject([{ refusal: null }, { refusal: 'No.' }]);
});

test.each(['clockify_request_wrong', 'clockify_page_too_large'] as const)('asks smaller after %s', async (code) => {
  const survey = open('projects');
  const asked = prober((look) => {
    if (look.pageSize > 100) throw refusal(code);
    return page(look, 450);
  });
  await conductSurvey(survey, asked, { mostLooks: 60, endsAt: soon() });
  expect(callsOf(survey)).toEqual([5]);
});

test.each(['clockify_timeout', 'clockify_unavailable', 'clockify_answer_malformed'] as const)(
  'asks again after %s, three times at most',
  async (code) => {
    let failures = 3;
    const asked = prober((look) => {
      if (failures-- > 0) throw refusal(code);
      return page(look, 10);
    });
    const survey = open('projects');
    await conductSurvey(survey, asked, { mostLooks: 60, endsAt: soon() });
    expect(callsOf(survey)).toEqual([1]);
    failures = 4;
    const again = conductSurvey(open('projects'), asked, { mostLooks: 60, endsAt: soon() });
    await expect(again).rejects.toMatchObject({ code });
  },
);

test.each(['clockify_rate_limited', 'clockify_token_dead', 'clockify_workspace_unknown', 'egress_refused'] as const)(
  'ends at once with %s',
  async (code) => {
    let asked = 0;
    const refusing = prober(() => {
      asked += 1;
      throw refusal(code);
    });
    const survey = conductSurvey(open('projects'), refusing, { mostLooks: 60, endsAt: soon() });
    await expect(survey).rejects.toMatchObject({ code });
    expect(asked).toBe(1);
  },
);
