import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { EntityType } from './entities.ts';
import { getReadingRule, readingRules } from './reading-rules.ts';
import type { ReadingRule } from './reading-rules.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly type?: string; readonly enum?: readonly string[] };
}
interface Described {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
}

const document = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Described>>;
};
const described = new Map(
  Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .map((operation) => [operation.operationId, operation.parameters ?? []]),
);
const parametersOf = ({ operationId }: ReadingRule, place: 'query' | 'path') =>
  (described.get(operationId) ?? []).filter((parameter) => parameter.in === place);

/** Every query parameter that a reading by this rule can send, with its values. */
function sentBy({ query, sweeps, window, paging }: ReadingRule): Record<string, readonly string[]> {
  const sent: Record<string, string[]> = {};
  for (const [name, value] of [query ?? {}, ...(sweeps ?? [])].flatMap((part) => Object.entries(part))) {
    (sent[name] ??= []).push(value);
  }
  return {
    ...sent,
    ...(window === 'assignments' && { start: [], end: [] }),
    ...(window === 'time-entries' && { start: [] }),
    ...(paging === 'query' && { page: [], 'page-size': [] }),
    ...(paging === 'camel-query' && { page: [], pageSize: [] }),
  };
}

const table = readingRules.map((rule) => [rule.entity, rule] as const);

describe.each(table)('the reading of %s', (_, rule) => {
  const query = parametersOf(rule, 'query');

  it('sends every query parameter that its operation requires', () => {
    const required = query.filter((parameter) => parameter.required).map(({ name }) => name);
    expect(Object.keys(sentBy(rule))).toEqual(expect.arrayContaining(required));
  });

  it('sends no parameter that its operation does not know, and no unknown value', () => {
    for (const [name, values] of Object.entries(sentBy(rule))) {
      const parameter = query.find((candidate) => candidate.name === name);
      expect(parameter).toBeDefined();
      if (parameter?.schema.enum !== undefined)
        expect(parameter.schema.enum).toEqual(expect.arrayContaining([...values]));
    }
  });

  it('fills every path parameter: the workspace and at most one parent', () => {
    const names = parametersOf(rule, 'path').map(({ name }) => name);
    expect(names.sort()).toEqual(['workspaceId', ...(rule.parent ? [rule.parent.parameter] : [])].sort());
  });

  it('sends a page number only where the operation takes one', () => {
    const isPaged = rule.paging === 'query' || rule.paging === 'camel-query';
    if (isPaged) expect(query.map(({ name }) => name)).toContain('page');
  });

  it('has a parent in the same or a smaller scope', () => {
    const scopes = ['core', 'standard', 'everything'];
    const parent = rule.parent === undefined ? rule : getReadingRule(rule.parent.entity);
    expect(scopes.indexOf(parent.scope)).toBeLessThanOrEqual(scopes.indexOf(rule.scope));
  });
});

describe('the rules', () => {
  it('send only the booleans that widen what is shown or make rows smaller', () => {
    const booleans = readingRules.flatMap((rule) => {
      const names = parametersOf(rule, 'query').filter(({ schema }) => schema.type === 'boolean');
      return Object.entries(sentBy(rule)).filter(([name]) => names.some((parameter) => parameter.name === name));
    });
    expect(booleans).toEqual([
      ['hydrated', ['false']],
      ['includeTeamManagers', ['true']],
      ['archived', ['false', 'true']],
    ]);
  });

  it.each<[EntityType, object]>([
    ['users', { 'include-roles': 'true', status: 'ALL', memberships: 'ALL' }],
    ['time_off_policies', { status: 'ALL' }],
    ['shared_reports', { sharedReportsFilter: 'ALL' }],
  ])('ask for all %s, not only for the current ones', (entity, query) => {
    expect(getReadingRule(entity).query).toMatchObject(query);
  });

  it('ask for limited accounts by name, which no other value shows', () => {
    expect(getReadingRule('users').query?.['account-statuses']?.split(',')).toEqual(
      expect.arrayContaining(['ACTIVE', 'LIMITED', 'LIMITED_DELETED']),
    );
  });

  it('never page the lists that ignore paging', () => {
    const whole = readingRules.filter(({ paging }) => paging === 'whole').map(({ entity }) => entity);
    expect(whole).toEqual(['custom_fields', 'holidays', 'project_custom_fields']);
  });

  it('exist once for each kind of rows, and an unknown kind is an error', () => {
    expect(new Set(readingRules.map(({ entity }) => entity)).size).toBe(readingRules.length);
    expect(() => getReadingRule('moods' as EntityType)).toThrow('There is no reading rule for moods.');
  });
});
