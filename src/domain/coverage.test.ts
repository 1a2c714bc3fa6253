import { describe, expect, it } from '@jest/globals';
import { describeCoverage, eventsAbout, feedTypeOf, planCoverage } from './coverage.ts';
import type { CoverageWay, EntityCoverage } from './coverage.ts';
import { entityTypes } from './entities.ts';
import type { EntityType } from './entities.ts';
import { webhookEvents } from './webhook-events.ts';
import type { WebhookEvent } from './webhook-events.ts';
import { changeFeeds } from './webhook-states.ts';
import type { EventLine, EventState, FeedLine, FeedState } from './webhook-states.ts';

const at = '2026-11-21T12:00:00.000Z';

/** The first so many events are open, the rest is as given. */
const events = (open: number, rest: EventState | null, openAs: EventState = 'adopted'): EventLine[] =>
  webhookEvents.map((event, index) => ({ event, state: index < open ? openAs : rest, reason: null, at }));
const change = (lines: readonly EventLine[], event: WebhookEvent, state: EventState): EventLine[] =>
  lines.map((line) => (line.event === event ? { ...line, state } : line));
const feeds = (...states: (FeedState | null)[]): FeedLine[] =>
  changeFeeds.map((feed, index) => ({ feed, state: states[index % states.length] ?? null, reason: null, at }));

const of = (coverage: readonly EntityCoverage[], entity: EntityType) => {
  const found = coverage.find((line) => line.entity === entity);
  if (found === undefined) throw new Error(`${entity} is not covered`);
  return found;
};
const waysOf = (coverage: readonly EntityCoverage[], way: CoverageWay) =>
  coverage.filter((line) => line.way === way).map(({ entity }) => entity);

const withEvents = entityTypes.filter((entity) => eventsAbout(entity).length > 0);
const withFeed = Object.keys(feedTypeOf);

describe('every kind of rows', () => {
  it('is covered once, in one of three ways, with a reason', () => {
    const coverage = planCoverage(events(20, 'cap_reached'), feeds('works'));
    expect(coverage.map(({ entity }) => entity)).toEqual(entityTypes);
    expect(coverage.filter(({ reason }) => !/^[A-Z0-9].*\.$/.test(reason))).toEqual([]);
  });

  it('has its events, or none; each event concerns a kind', () => {
    expect(new Set(withEvents.flatMap((entity) => eventsAbout(entity)))).toEqual(new Set(webhookEvents));
    expect(eventsAbout('tags')).toEqual(['NEW_TAG', 'TAG_UPDATED', 'TAG_DELETED']);
    expect(eventsAbout('tasks')).toEqual(expect.arrayContaining(['NEW_TASK', 'NEW_PROJECT', 'COST_RATE_UPDATED']));
    expect(
      ['workspace', 'holidays', 'custom_fields', 'shared_reports'].filter(
        (one) => !withEvents.includes(one as EntityType),
      ),
    ).toHaveLength(4);
  });
});

describe.each<[number, EntityType[]]>([
  [3, []],
  [10, []],
  [20, ['invoices', 'approval_requests', 'invoice_details', 'invoice_payments']],
  [51, [...withEvents]],
])('with webhooks for the %i most valuable events', (limit, pushed) => {
  const lines = events(limit, 'cap_reached');

  it('exactly the kinds whose events all arrive are pushed', () => {
    expect(waysOf(planCoverage(lines, feeds('works')), 'push').toSorted()).toEqual(pushed.toSorted());
  });

  it('the others come by the feeds that cover them, or are polled', () => {
    const coverage = planCoverage(lines, feeds('works'));
    const others = withFeed.filter((entity) => !pushed.includes(entity as EntityType));
    expect(waysOf(coverage, 'delta').toSorted()).toEqual(others.toSorted());
    expect(waysOf(coverage, 'poll')).toHaveLength(entityTypes.length - pushed.length - others.length);
  });

  it('all the others are polled when the feeds are closed', () => {
    const coverage = planCoverage(lines, feeds('refused'));
    expect(waysOf(coverage, 'delta')).toEqual([]);
    expect(waysOf(coverage, 'push').toSorted()).toEqual(pushed.toSorted());
  });
});

it('a family that is refused leaves the events of the manifest, and says so', () => {
  const coverage = planCoverage(events(20, 'not_accessible'), feeds('refused'));
  expect(of(coverage, 'tags')).toEqual({
    entity: 'tags',
    way: 'poll',
    reason:
      "3 of 3 events do not arrive: the add-on may register none itself. Clockify's feeds of changes are closed to the add-on.",
  });
  expect(of(coverage, 'invoices').way).toBe('push');
});

describe('a hook that is switched off', () => {
  const all = events(51, null, 'registered');
  const lines = change(all, 'TAG_UPDATED', 'disabled');

  it('turns its kind to the feed, or to polling', () => {
    expect(of(planCoverage(all, feeds('works')), 'tags').way).toBe('push');
    expect(of(planCoverage(lines, feeds('works')), 'tags').way).toBe('delta');
    expect(of(planCoverage(lines, feeds('refused')), 'tags').way).toBe('poll');
  });

  it('leaves the other kinds as they are', () => {
    expect(waysOf(planCoverage(lines, feeds('works')), 'push')).toEqual(
      withEvents.filter((entity) => entity !== 'tags'),
    );
  });
});

describe('the reason', () => {
  it.each<[string, EventLine[], FeedLine[], EntityType, string]>([
    ['all arrive', events(51, null), feeds('works'), 'tags', 'All 3 events that concern it arrive.'],
    [
      'the one arrives',
      events(51, null),
      feeds('works'),
      'time_off_balances',
      'The one event that concerns it arrives.',
    ],
    [
      'a silence of Clockify',
      events(51, null),
      feeds('works'),
      'invoices',
      'All 2 events that concern it arrive. Only a deleted invoice is noticed later, when all are read again.',
    ],
    [
      'a cap',
      events(20, 'cap_reached'),
      feeds('works'),
      'clients',
      "2 of 3 events do not arrive: Clockify allows no more than 20 webhooks here. Clockify's feeds of changes tell the rest.",
    ],
    [
      'a single missing event',
      change(events(51, null), 'TAG_DELETED', 'refused'),
      feeds('works'),
      'tags',
      "1 of 3 events does not arrive: Clockify refused to register them. Clockify's feeds of changes tell the rest.",
    ],
    [
      'the one event missing',
      events(20, 'cap_reached'),
      feeds('works'),
      'time_off_balances',
      'The one event that concerns it does not arrive: Clockify allows no more than 20 webhooks here. No feed of changes covers it.',
    ],
    [
      'several causes',
      change(change(events(51, null), 'TAG_DELETED', 'failed'), 'NEW_TAG', 'disabled'),
      feeds(null),
      'tags',
      "2 of 3 events do not arrive: Clockify has switched their webhooks off; registering them failed, and is tried again. Clockify's feeds of changes did not answer yet.",
    ],
    [
      'nothing tried yet',
      events(0, null),
      feeds('works'),
      'expenses',
      '4 of 4 events do not arrive: nobody has tried to register them yet. No feed of changes covers it.',
    ],
    [
      'no event at all',
      events(51, null),
      feeds('works'),
      'holidays',
      'Clockify has no event for it. No feed of changes covers it.',
    ],
    [
      'one feed of three that is closed',
      events(0, 'refused'),
      feeds('works', 'refused', 'works'),
      'tags',
      "3 of 3 events do not arrive: Clockify refused to register them. Clockify's feeds of changes are closed to the add-on.",
    ],
  ])('names %s', (_, lines, feedLines, entity, reason) => {
    expect(of(planCoverage(lines, feedLines), entity).reason).toBe(reason);
  });
});

it('without any line of an event it counts as untried, and without a feed as silent', () => {
  expect(waysOf(planCoverage([], []), 'poll')).toEqual([...entityTypes]);
});

it('for the details of a workflow there is a line for each kind', () => {
  const text = describeCoverage(planCoverage(events(51, null), feeds('works')));
  expect(text.split('\n')).toHaveLength(entityTypes.length);
  expect(text).toContain('- **time entries**: push. All 7 events that concern it arrive.');
});
