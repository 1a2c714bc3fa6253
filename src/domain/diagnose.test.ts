import { describe, expect, it, test } from '@jest/globals';
import { diagnose } from './diagnose.ts';
import { checkNames } from './diagnosis.ts';
import type { CheckName, CheckResult } from './diagnosis.ts';
import type { DiagnosisFacts, Probe, ProbeOutcome } from './diagnosis-facts.ts';
import { webhookEvents } from './webhook-events.ts';
import type { WebhookEvent } from './webhook-events.ts';
import type { EventLine, EventState } from './webhook-states.ts';

const everyFeature = ['CUSTOM_FIELDS', 'TIME_OFF', 'EXPENSES', 'INVOICING', 'APPROVAL', 'SCHEDULING'];
const tags: Probe = { scope: 'TAG_READ', entity: 'tags', base: 'api', outcome: 'ok' };
const expenses: Probe = { scope: 'EXPENSE_READ', entity: 'expense_categories', base: 'api', outcome: 'ok' };
const reports: Probe = { scope: 'REPORTS_READ', entity: 'shared_reports', base: 'reports', outcome: 'ok' };
const line = (event: WebhookEvent, state: EventState | null, reason: string | null = null): EventLine => ({
  event,
  state,
  reason,
  at: null,
});

const healthy: DiagnosisFacts = {
  hosts: { apiUrl: 'https://api.clockify.me/api/v1', reportsUrl: 'https://reports.api.clockify.me/v1' },
  workspace: 'ok',
  plan: 'PRO_2021',
  features: everyFeature,
  probes: [tags, expenses, reports],
  budget: { limitPerSecond: 48, usedLastSecond: 3, hourlyLimit: null, hourlyUsed: null, pausedUntil: null },
  webhooks: {
    known: 51,
    declared: 20,
    registered: 20,
    events: webhookEvents.map((event) => line(event, 'adopted')),
    received: {},
    logged: [],
  },
  clocks: { aheadOfDatabaseMs: 40, clockifyAheadMs: -800 },
};

function look(check: CheckName, changes: Partial<DiagnosisFacts>): CheckResult {
  const found = diagnose({ ...healthy, ...changes }).find((result) => result.check === check);
  if (found === undefined) throw new Error(`there is no check ${check}`);
  return found;
}

const withOutcome = (probe: Probe, outcome: ProbeOutcome): Probe => ({ ...probe, outcome });

test('a healthy installation passes every check, in the order they are shown, and nothing need be done', () => {
  const checks = diagnose(healthy);
  expect(checks.map(({ check }) => check)).toEqual(checkNames);
  expect(checks.map(({ state, remedy }) => [state, remedy])).toEqual(checkNames.map(() => ['ok', null]));
});

it.each<[CheckName, string, Partial<DiagnosisFacts>, CheckResult['state'], RegExp]>([
  ['token', 'is dead', { workspace: 'clockify_token_dead', probes: [] }, 'failed', /no longer accepts/],
  ['token', 'dies meanwhile', { probes: [withOutcome(tags, 'clockify_token_dead')] }, 'failed', /no longer accepts/],
  ['token', 'opens nothing', { workspace: 'clockify_access_closed', probes: [] }, 'failed', /opens nothing/],
  ['token', 'may not read the workspace', { workspace: 'clockify_access_closed' }, 'ok', /accepts/],
  ['token', 'is not answered', { workspace: 'clockify_timeout', probes: [] }, 'unknown', /could not be tried/],
  ['token', 'has no budget', { workspace: 'clockify_rate_limited', probes: [] }, 'unknown', /could not be tried/],
  ['host', 'is not allowed', { workspace: 'egress_refused', probes: [] }, 'failed', /list of hosts/],
  ['host', 'is away', { workspace: 'clockify_unavailable', probes: [] }, 'failed', /does not answer/],
  ['host', 'hangs', { workspace: 'clockify_timeout', probes: [] }, 'failed', /does not answer/],
  ['host', 'is none of Clockify', { workspace: 'clockify_answer_malformed', probes: [] }, 'failed', /does not answer/],
  ['host', 'has another path', { workspace: 'clockify_request_wrong', probes: [] }, 'failed', /does not know/],
  ['host', 'is of another region', { workspace: 'clockify_workspace_unknown', probes: [] }, 'failed', /does not know/],
  ['host', 'could not be asked', { workspace: 'clockify_rate_limited', probes: [] }, 'unknown', /was not asked/],
  ['host', 'answers a dead token', { workspace: 'clockify_token_dead', probes: [] }, 'ok', /answers/],
  ['scopes', 'could not be tried', { workspace: 'clockify_token_dead', probes: [] }, 'unknown', /could not be tried/],
  ['scopes', 'are spared', { probes: null }, 'unknown', /leave the few requests/],
  ['plan', 'is FREE', { plan: 'FREE' }, 'warning', /30 requests an hour/],
  ['plan', 'is not known', { plan: null }, 'unknown', /could not be read/],
  ['plan', 'has a name of the future', { plan: 'BUNDLE_2031' }, 'ok', /BUNDLE_2031/],
  ['features', 'are not known', { features: null }, 'unknown', /could not be read/],
  ['limits', 'are learned', { budget: { ...healthy.budget, hourlyLimit: 30, hourlyUsed: 12 } }, 'warning', /30.+12/],
  [
    'limits',
    'are paused',
    { budget: { ...healthy.budget, pausedUntil: '2026-11-21T10:00:00.000Z' } },
    'warning',
    /pause until 2026-11-21T10:00:00\.000Z/,
  ],
  ['limits', 'leave out webhooks', { webhooks: { ...healthy.webhooks, registered: 10 } }, 'warning', /10 of the 20/],
])('%s: that it %s is noticed', (check, _, changes, state, finding) => {
  const result = look(check, changes);
  expect(result).toMatchObject({ state, finding: expect.stringMatching(finding) });
  if (state === 'failed' || state === 'warning') expect(result.remedy).toEqual(expect.any(String));
  if (state === 'ok') expect(result.remedy).toBeNull();
});

describe('the path of the api host', () => {
  it.each(['https://api.clockify.me/v1', 'https://api.clockify.me/api/v2'])('%s is doubted', (apiUrl) => {
    expect(look('host', { hosts: { ...healthy.hosts, apiUrl } })).toMatchObject({ state: 'warning' });
  });

  it.each(['https://euc1.clockify.me/api/v1', 'https://acme.clockify.me/api/v1'])('%s is as it should be', (apiUrl) => {
    const { state, finding } = look('host', { hosts: { ...healthy.hosts, apiUrl } });
    expect([state, finding]).toEqual(['ok', expect.stringContaining(new URL(apiUrl).host)]);
  });
});

describe('the host for reports', () => {
  it.each<[ProbeOutcome, CheckResult['state']]>([
    ['ok', 'ok'],
    ['clockify_access_closed', 'ok'],
    ['clockify_feature_gated', 'ok'],
    ['not_tried', 'ok'],
    ['clockify_rate_limited', 'ok'],
    ['clockify_token_dead', 'warning'],
    ['clockify_unavailable', 'failed'],
    ['clockify_timeout', 'failed'],
    ['clockify_request_wrong', 'failed'],
    ['clockify_answer_malformed', 'failed'],
    ['egress_refused', 'failed'],
  ])('that answers with %s is %s', (outcome, state) => {
    const result = look('host', { probes: [tags, withOutcome(reports, outcome)] });
    expect([result.state, result.finding]).toEqual([state, expect.stringContaining('reports.api.clockify.me')]);
  });

  it('that the token does not name is missed', () => {
    const hosts = { ...healthy.hosts, reportsUrl: null };
    expect(look('host', { hosts, probes: [tags] })).toMatchObject({ state: 'warning' });
  });

  it('that refuses the token does not make the token a dead one', () => {
    expect(look('token', { probes: [tags, withOutcome(reports, 'clockify_token_dead')] }).state).toBe('ok');
  });
});

describe('a permission', () => {
  it.each<[ProbeOutcome, Probe, CheckResult['state']]>([
    ['clockify_access_closed', tags, 'failed'],
    ['clockify_access_closed', expenses, 'failed'],
    // Without a feature that could be missing, 403 is the documented answer to a missing permission.
    ['clockify_feature_gated', tags, 'failed'],
    ['clockify_feature_gated', expenses, 'ok'],
    ['clockify_entity_gone', tags, 'ok'],
    ['clockify_unavailable', tags, 'ok'],
  ])('answered with %s is judged by what it opens: %j', (outcome, probe, state) => {
    const probes = [withOutcome(probe, outcome), reports];
    const result = look('scopes', { probes });
    expect(result.state).toBe(state);
    expect(result.finding.includes(probe.scope)).toBe(state === 'failed' || outcome === 'clockify_unavailable');
  });

  it('that could not be tried is named and not counted as given', () => {
    const { finding } = look('scopes', { probes: [tags, expenses, withOutcome(reports, 'not_tried')] });
    expect(finding).toBe('2 of 3 read permissions were tried, and none is missing. Not tried: REPORTS_READ.');
  });

  it.each([[[]], [[withOutcome(tags, 'clockify_unavailable')]]])('is unknown when none was tried: %j', (probes) => {
    expect(look('scopes', { probes }).state).toBe('unknown');
  });
});

describe('a feature', () => {
  it('that the workspace lacks is named, with all that is skipped', () => {
    const { state, finding } = look('features', { features: ['CUSTOM_FIELDS', 'TIME_OFF', 'EXPENSES', 'SCHEDULING'] });
    expect(state).toBe('warning');
    expect(finding).toBe(
      'Without INVOICING, APPROVAL the copy skips ' +
        'invoice settings, invoices, invoice details, invoice payments, approval requests.',
    );
  });

  it('that is switched off although the plan has it is told by the refusal', () => {
    const { finding } = look('features', { probes: [tags, withOutcome(expenses, 'clockify_feature_gated')] });
    expect(finding).toBe('Without EXPENSES the copy skips expense categories, expenses.');
  });

  it('that is refused is named even if the features are not known', () => {
    const probes = [withOutcome(expenses, 'clockify_feature_gated')];
    expect(look('features', { features: null, probes })).toMatchObject({ state: 'warning' });
  });
});

describe('the webhooks', () => {
  const { webhooks } = healthy;
  const [first = 'NEW_TAG', second = 'NEW_TAG'] = webhookEvents;
  const answeredAt = '2026-11-21T12:00:00.000Z';
  const restAs = (state: EventState | null, reason: string | null = null) =>
    webhooks.events.map(({ event }, index) => (index < 20 ? line(event, 'adopted') : line(event, state, reason)));
  const firstAs = (state: EventState) =>
    webhooks.events.map(({ event }) => line(event, event === first ? state : 'adopted'));
  const logged = [{ event: first, answeredAt, statusCode: 200 }];

  it.each<[string, Partial<typeof webhooks>, CheckResult['state'], RegExp]>([
    [
      'of which one is switched off',
      { events: firstAs('disabled') },
      'failed',
      new RegExp(`switched off.*${first}\\.$`),
    ],
    [
      'whose last delivery was refused',
      { logged: [{ event: first, answeredAt, statusCode: 503 }] },
      'failed',
      /with 503 at 2026/,
    ],
    [
      'whose last delivery nobody answered',
      { logged: [{ event: first, answeredAt, statusCode: null }] },
      'failed',
      /by nobody/,
    ],
    ['whose deliveries go elsewhere', { logged }, 'failed', /more recently than anything/],
    [
      'whose deliveries stopped coming',
      { logged, received: { [first]: '2026-11-21T11:58:59.000Z' } },
      'failed',
      /recently/,
    ],
    ['of which one is on its way', { logged, received: { [first]: '2026-11-21T11:59:01.000Z' } }, 'ok', /51 of 51/],
    ['that could not be registered', { events: restAs('failed', 'No time.') }, 'warning', /^31 of 51.*No time\.$/],
    ['that Clockify refused', { events: restAs('refused') }, 'warning', /^31 of 51/],
    [
      'of which there is none',
      { events: webhooks.events.map(({ event }) => line(event, 'not_accessible')) },
      'warning',
      /No event/,
    ],
    ['that are capped', { events: restAs('cap_reached') }, 'ok', /^20 of 51.*allows no more\. None has come yet\.$/],
    ['whose family is closed', { events: restAs('not_accessible') }, 'ok', /^20 of 51.*may register no others\./],
    ['that nobody tried', { events: restAs(null) }, 'ok', /^20 of 51.*tried/],
    [
      'that came',
      { received: { [first]: '2026-11-20T00:00:00.000Z', [second]: '2026-11-21T00:00:00.000Z' } },
      'ok',
      new RegExp(`The last was ${second}, at 2026-11-21T00:00:00.000Z\\.$`),
    ],
  ])('%s are noticed', (_, changes, state, finding) => {
    const result = look('webhooks', { webhooks: { ...webhooks, ...changes } });
    expect(result).toMatchObject({ state, finding: expect.stringMatching(finding) });
    expect(result.remedy === null).toBe(state === 'ok');
  });
});

describe('the clocks', () => {
  it.each<[number, number | null, CheckResult['state'], string]>([
    [30_000, null, 'ok', 'our clock and that of the database'],
    [-31_000, null, 'failed', '31 seconds lie between our clock and that of the database'],
    [0, 7_200_000, 'failed', '7200 seconds lie between our clock and that of Clockify'],
    [0, -31_000, 'failed', '31 seconds lie between our clock and that of Clockify'],
    [20_000, 20_000, 'failed', '40 seconds lie between the clocks of database and Clockify'],
    [20_000, -20_000, 'ok', 'At most 20 seconds'],
  ])('%i ms ahead of the database, %p ms behind Clockify: %s', (aheadOfDatabaseMs, clockifyAheadMs, state, finding) => {
    const result = look('clock', { clocks: { aheadOfDatabaseMs, clockifyAheadMs } });
    expect([result.state, result.finding]).toEqual([state, expect.stringContaining(finding)]);
  });
});
