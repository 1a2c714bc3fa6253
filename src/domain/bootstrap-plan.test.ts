import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { assertEveryReadIsPlanned, buildPlan } from './bootstrap-plan.ts';
import { bootstrapOptionsSchema } from './bootstrap-options.ts';
import { parseCatalogue } from './catalogue.ts';
import { entityTypes } from './entities.ts';
import { excludedReads } from './excluded-reads.ts';
import { getReadingRule, readingRules } from './reading-rules.ts';

const operations = [
  ...parseCatalogue(
    JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')) as unknown,
  ).values(),
];
const planOf = (options: object) => buildPlan(bootstrapOptionsSchema.parse(options));
const entitiesOf = (options: object) => planOf(options).map(({ entity }) => entity);

describe('the description and the rules', () => {
  it('agree: each of the 52 reads is made, or left out with a reason', () => {
    const reads = operations.filter(({ method }) => method === 'GET').map(({ operationId }) => operationId);
    expect(reads).toHaveLength(52);
    const made = readingRules.map(({ operationId }) => operationId).filter((id) => reads.includes(id));
    expect([...made, ...Object.keys(excludedReads)].sort()).toEqual(reads.sort());
    expect(() => assertEveryReadIsPlanned(operations)).not.toThrow();
  });

  it('give a reason in a sentence for every read that is left out', () => {
    for (const reason of Object.values(excludedReads)) expect(reason).toMatch(/^[A-Z].+\.$/);
  });

  it('plan the time-off search, the only read that is no GET', () => {
    const posts = readingRules.filter(({ operationId }) =>
      operations.some((operation) => operation.operationId === operationId && operation.method === 'POST'),
    );
    expect(posts).toMatchObject([{ operationId: 'getTimeOffRequest', paging: 'body', body: { statuses: ['ALL'] } }]);
  });

  it('refuse a new GET until somebody has classified it', () => {
    const newer = [...operations, { operationId: 'getMoods', method: 'GET' }];
    expect(() => assertEveryReadIsPlanned(newer)).toThrow('openapi.json and the reading rules differ: getMoods');
  });

  it('do not care about a new write', () => {
    expect(() => assertEveryReadIsPlanned([...operations, { operationId: 'setMood', method: 'PUT' }])).not.toThrow();
  });

  it.each(['getTags', 'getTimeOffRequest', 'getWebhooks'])('refuse a description without %s', (missing) => {
    const older = operations.filter(({ operationId }) => operationId !== missing);
    expect(() => assertEveryReadIsPlanned(older)).toThrow(missing);
  });
});

describe('a plan', () => {
  it('of everything holds every kind of rows once', () => {
    expect(entitiesOf({ scope: 'everything' }).sort()).toEqual([...entityTypes].sort());
  });

  it('of the standard scope leaves out only what repeats other rows', () => {
    const left = entityTypes.filter((entity) => !entitiesOf({}).includes(entity));
    expect(left).toEqual(['shared_reports', 'member_profiles', 'user_managers', 'project_custom_fields']);
  });

  it('of the core scope holds what pickers need', () => {
    expect(entitiesOf({ scope: 'core' })).toEqual([
      'workspace',
      'users',
      'projects',
      'clients',
      'tags',
      'custom_fields',
      'time_off_policies',
      'time_off_balances',
    ]);
  });

  it('reads the workspace first and everything else after it or after the parents', () => {
    const plan = planOf({ scope: 'everything' });
    expect(plan[0]).toMatchObject({ entity: 'workspace', after: [] });
    for (const { entity, after } of plan.slice(1)) {
      expect(after).toEqual([getReadingRule(entity).parent?.entity ?? 'workspace']);
    }
  });

  it.each(['core', 'standard', 'everything'])('of the scope %s names parents before their children', (scope) => {
    const plan = planOf({ scope });
    plan.forEach(({ after }, index) => {
      const before = plan.slice(0, index).map(({ entity }) => entity);
      expect(before).toEqual(expect.arrayContaining([...after]));
    });
  });

  it('leaves time entries out when asked to', () => {
    const without = entitiesOf({ timeEntries: false });
    expect(without).not.toContain('time_entries');
    expect(without).toHaveLength(entitiesOf({}).length - 1);
  });

  it('of chosen kinds brings their parents along and nothing else', () => {
    expect(planOf({ only: ['tasks', 'tags'] })).toEqual([
      { entity: 'projects', loops: 1, after: [] },
      { entity: 'tags', loops: 1, after: [] },
      { entity: 'tasks', loops: 4, after: ['projects'] },
    ]);
  });

  it('of chosen kinds goes beyond the scope, and names each kind once', () => {
    expect(entitiesOf({ scope: 'core', timeEntries: false, only: ['time_entries', 'users', 'user_managers'] })).toEqual(
      ['users', 'time_entries', 'user_managers'],
    );
  });
});
