import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { bootstrapOptionsSchema } from '../domain/bootstrap-options.ts';
import { parseCatalogue } from '../domain/catalogue.ts';
import type { EntityType } from '../domain/entities.ts';
import { getReadingRule, readingRules } from '../domain/reading-rules.ts';
import { buildPageRequest, buildWindow, findDeletionWindow } from './page-request.ts';
import type { Hosts, ReadingList } from './page-request.ts';

const document: unknown = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
const catalogue = parseCatalogue(document);
const world: Hosts = {
  apiUrl: 'https://api.clockify.me/api/v1',
  reportsUrl: 'https://reports.api.clockify.me/v1',
};
const whole: ReadingList = { key: 'list-0', parentId: null, query: {} };

function build(entity: EntityType, { list = whole, hosts = world }: { list?: ReadingList; hosts?: Hosts } = {}) {
  return buildPageRequest(catalogue, hosts, 'w1', { rule: getReadingRule(entity), list, page: 3, pageSize: 200 });
}
const queryOf = ({ url }: { url: URL }) => Object.fromEntries(url.searchParams);

describe('the request for a page', () => {
  it.each<[string, Hosts]>([
    ['of the world', world],
    ['of Germany', { apiUrl: 'https://euc1.clockify.me/api/v1', reportsUrl: 'https://euc1.clockify.me/report/v1' }],
    ['of the United States', { apiUrl: 'https://use2.clockify.me/api', reportsUrl: 'https://use2.clockify.me/report' }],
    ['of Britain', { apiUrl: 'https://euw2.clockify.me/api/v1', reportsUrl: 'https://euw2.clockify.me/report/v1' }],
    ['of Australia', { apiUrl: 'https://apse2.clockify.me/api/v1', reportsUrl: 'https://apse2.clockify.me/report' }],
    [
      'of developers',
      { apiUrl: 'https://developer.clockify.me/api', reportsUrl: 'https://developer.clockify.me/report/v1' },
    ],
    [
      'of a sub-domain',
      { apiUrl: 'https://acme.clockify.me/api/v1', reportsUrl: 'https://acme.clockify.me/report/v1' },
    ],
  ])('goes to the hosts %s and holds the version once', (_, hosts) => {
    const base = (url: string) => url.replace(/\/v1$/, '');
    expect(build('tags', { hosts }).url.href).toMatch(`${base(hosts.apiUrl)}/v1/workspaces/w1/tags?`);
    expect(build('shared_reports', { hosts }).url.href).toMatch(
      `${base(hosts.reportsUrl ?? '')}/v1/workspaces/w1/shared-reports?`,
    );
  });

  it.each([null, undefined])('refuses to ask for reports when the token names no host for them (%p)', (reportsUrl) => {
    const hosts = { apiUrl: 'https://api.clockify.me/api/v1', reportsUrl };
    expect(() => build('shared_reports', { hosts })).toThrow('The installation names no host for reports.');
  });

  it.each(readingRules.map((rule) => [rule.entity, rule] as const))(
    'of %s sends what its rule names and nothing else',
    (entity, rule) => {
      const paging = {
        query: { page: '3', 'page-size': '200' },
        'camel-query': { page: '3', pageSize: '200' },
        body: {},
        single: {},
        whole: {},
      }[rule.paging];
      const request = build(entity, { list: { ...whole, parentId: 'p1' } });
      expect(queryOf(request)).toEqual({ ...rule.query, ...paging });
      expect(request.method).toBe(rule.paging === 'body' ? 'POST' : 'GET');
    },
  );

  it('of the time-off requests pages in the body', () => {
    const request = build('time_off_requests');
    expect(request).toMatchObject({ method: 'POST', body: { statuses: ['ALL'], page: 3, pageSize: 200 } });
    expect(request.url.search).toBe('');
  });

  it('of a list has no body', () => {
    expect(build('tags')).not.toHaveProperty('body');
  });

  it('of a nested list names its parent', () => {
    const { url } = build('tasks', { list: { ...whole, parentId: 'p1?' } });
    expect(url.pathname).toBe('/api/v1/workspaces/w1/projects/p1%3F/tasks');
  });

  it.each(['..', 'p1/../../users', ''])('refuses the parent %j', (parentId) => {
    expect(() => build('tasks', { list: { ...whole, parentId } })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });

  it('sends what the list adds: a sweep or a window', () => {
    const list = { ...whole, query: { archived: 'true' } };
    expect(queryOf(build('expense_categories', { list }))).toEqual({ archived: 'true', page: '3', 'page-size': '200' });
  });

  it('fails for an operation that the description lacks', () => {
    const page = { rule: getReadingRule('tags'), list: whole, page: 1, pageSize: 1 };
    expect(() => buildPageRequest(new Map(), world, 'w1', page)).toThrow('openapi.json lacks getTags.');
  });
});

const options = (given: object = {}) => bootstrapOptionsSchema.parse(given);

describe('a window', () => {
  it.each<[string, string, string, string]>([
    ['an ordinary day', '2026-11-21T10:00:00.123Z', '2025-11-20T10:00:00Z', '2027-11-22T10:00:00Z'],
    ['a leap day', '2028-02-29T23:59:59.999Z', '2027-02-28T23:59:59Z', '2029-03-01T23:59:59Z'],
    ['the turn of a year', '2026-12-31T23:30:00Z', '2025-12-30T23:30:00Z', '2028-01-01T23:30:00Z'],
    ['the night clocks go forward', '2026-03-29T01:00:00Z', '2025-03-28T01:00:00Z', '2027-03-30T01:00:00Z'],
    ['the night clocks go back', '2026-10-25T01:00:00Z', '2025-10-24T01:00:00Z', '2027-10-26T01:00:00Z'],
  ])('of assignments on %s is a year and a day to either side', (_, now, start, end) => {
    expect(buildWindow(getReadingRule('assignments'), options(), new Date(now))).toEqual({ start, end });
  });

  it('of time entries begins a day before it must and has no end', () => {
    const window = buildWindow(
      getReadingRule('time_entries'),
      options({ timeEntryDays: 30 }),
      new Date('2026-03-30T12:00:00Z'),
    );
    expect(window).toEqual({ start: '2026-02-27T12:00:00Z' });
  });

  it('reaches back a century when told to', () => {
    const century = options({ timeEntryDays: 36_500 });
    expect(buildWindow(getReadingRule('time_entries'), century, new Date('2026-11-21T00:00:00Z'))).toEqual({
      start: '1926-12-15T00:00:00Z',
    });
  });

  it('is not set for all time entries, nor for lists without one', () => {
    expect(buildWindow(getReadingRule('time_entries'), options(), new Date())).toBeNull();
    expect(buildWindow(getReadingRule('expenses'), options({ timeEntryDays: 30 }), new Date())).toBeNull();
  });
});

describe('the rows that a reading may miss', () => {
  const startedAt = '2026-11-21T10:00:00.500Z';

  it('are all without a window', () => {
    expect(findDeletionWindow(getReadingRule('tags'), { options: options(), startedAt })).toBeNull();
  });

  it.each<[EntityType, object, object]>([
    [
      'assignments',
      {},
      { path: ['period', 'start'], from: '2025-11-22T10:00:00.000Z', to: '2027-11-20T10:00:00.000Z' },
    ],
    [
      'time_entries',
      { timeEntryDays: 7 },
      { path: ['timeInterval', 'start'], from: '2026-11-15T10:00:00.000Z', to: null },
    ],
  ])('of %s are those well inside the window', (entity, given, expected) => {
    expect(findDeletionWindow(getReadingRule(entity), { options: options(given), startedAt })).toEqual(expected);
  });
});
