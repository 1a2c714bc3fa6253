import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DrainDeps } from '../src/activities/drain-round.ts';
import type { Gateway } from '../src/activities/clockify-gateway.ts';
import { createMeteredGateway } from '../src/activities/metered-gateway.ts';
import { countWaitingDeliveries } from '../src/db/mailboxes.ts';
import { AddonError } from '../src/domain/errors.ts';
import { probeSchedule } from '../src/domain/removal.ts';
import { loadConfig } from '../src/platform/config.ts';
import type { Config } from '../src/platform/config.ts';
import { createMetrics } from '../src/platform/metrics.ts';
import type { Metrics } from '../src/platform/metrics.ts';
import { buildActivities, countDeliveries, loadDocuments } from '../src/worker/activities.ts';
import { startTestApi } from './support/api.ts';
import type { TestApi } from './support/api.ts';
import { addDeliveries } from './support/due-deliveries.ts';
import { findChanges, parseExposition } from './support/exposition.ts';
import { openTestGateway } from './support/gateway.ts';
import type { TestGateway } from './support/gateway.ts';
import { openLiveMirror } from './support/live-mirror.ts';
import type { LiveMirror } from './support/live-mirror.ts';
import { firstRun, install, owner } from './support/mirror.ts';

/** What an act adds to the counters of a process: these and no others. */
async function countedBy(metrics: Metrics, act: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await metrics.registry.metrics();
  await act();
  return findChanges(before, await metrics.registry.metrics());
}

describe('the API', () => {
  let api: TestApi;
  let signature: string;
  beforeAll(async () => {
    api = await startTestApi();
    signature = api.mint.webhook(owner);
  });
  afterAll(() => api.stop());

  const counted = (act: () => Promise<unknown>) => countedBy(api.metrics, act);
  const post = (path: string, headers: Record<string, string>, body: unknown) =>
    api.send(path, { method: 'POST', headers, body });
  const callLifecycle = (event: string, body: object = {}, token = api.mint.lifecycle(owner)) =>
    post(`/lifecycle/${event}`, { 'x-addon-lifecycle-token': token }, { ...owner, ...body });
  const installed = () => ({
    authToken: api.mint.installation(owner),
    apiUrl: 'https://api.clockify.me/api',
    webhooks: [{ path: '/webhooks/clockify/NEW_TAG', authToken: signature }],
  });
  const deliver = (token: string) =>
    post('/webhooks/clockify/NEW_TAG', { 'clockify-signature': token, 'clockify-webhook-event-type': 'NEW_TAG' }, {});

  it('counts a delivery by its type', async () => {
    await callLifecycle('installed', installed());
    expect(await counted(() => deliver(signature))).toEqual({
      'clockify_webhook_events_total{event_type="NEW_TAG"}': 1,
      'clockify_webhook_deliveries_total{outcome="stored"}': 1,
      clockify_webhook_receipt_duration_seconds_count: 1,
    });
  });

  it('counts events there are not as one, whatever their names', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `EVENT_${index}`);
    expect(await counted(() => Promise.all(names.map((name) => post(`/webhooks/clockify/${name}`, {}, {}))))).toEqual({
      'clockify_webhook_events_total{event_type="unknown"}': 30,
    });
  });

  it.each([
    ['installed', installed],
    ['status-changed', () => ({ status: 'ACTIVE' })],
    ['settings-updated', () => ({ settings: [] })],
    ['deleted', () => ({})],
  ])('counts a call of %s that was taken, and one that was refused', async (event, body) => {
    expect(await counted(() => callLifecycle(event, body()))).toEqual({
      [`clockify_lifecycle_events_total{event="${event}"}`]: 1,
    });
    expect(await counted(() => callLifecycle(event, { workspaceId: 'f'.repeat(24) }))).toEqual({
      [`clockify_lifecycle_events_failed_total{event="${event}"}`]: 1,
    });
  });

  it('counts a token that does not prove what it must', async () => {
    expect(await counted(() => callLifecycle('deleted', {}, 'forged'))).toEqual({
      'clockify_lifecycle_events_failed_total{event="deleted"}': 1,
      'clockify_signature_verification_failures_total{scope="lifecycle"}': 1,
    });
    expect(await counted(() => deliver('forged'))).toEqual({
      'clockify_signature_verification_failures_total{scope="webhook"}': 1,
      'clockify_webhook_deliveries_total{outcome="bad_token"}': 1,
    });
  });

  it('shows what it counted to Prometheus', async () => {
    const answer = await api.send('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    const { samples } = parseExposition(answer.text).get('clockify_webhook_events_total') ?? {};
    // The events, their unknown ones together, and those of other sources.
    expect(samples?.size).toBe(53);
    expect(answer.text).not.toContain(owner.workspaceId);
  });
});

describe('a process that calls Clockify', () => {
  let clockify: TestGateway;
  let metrics: Metrics;
  let config: Config;
  let gateway: Gateway;
  let closeGateway: () => Promise<void>;
  let call: TestGateway['call'];

  beforeAll(async () => {
    clockify = await openTestGateway();
    config = loadConfig({
      BASE_URL: 'http://localhost:8000',
      ADDON_KEY: 'clockify-api-studio',
      DATABASE_URL: clockify.mirror.url,
      TOKEN_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      CLOCKIFY_ALLOWED_API_DOMAINS: clockify.origin,
      RATE_LIMIT_HOURLY: '20',
    });
  });
  afterAll(() => clockify.close());
  beforeEach(async () => {
    clockify.reset();
    metrics = createMetrics();
    ({ gateway, closeGateway } = createMeteredGateway(config, metrics, clockify.mirror.orm));
    call = (changes) => clockify.call(changes, gateway);
  });
  afterEach(() => closeGateway());

  const counted = (act: () => Promise<unknown>) => countedBy(metrics, act);
  const calls = { clockify_api_calls_total: 1 };
  const failed = { ...calls, clockify_api_calls_failed_total: 1 };
  const timed = (status: string) => ({ [`clockify_api_call_duration_seconds_count{status="${status}"}`]: 1 });
  const gauge = async (name: string) =>
    Object.fromEntries(parseExposition(await metrics.registry.metrics()).get(name)?.samples ?? []);

  it('counts a good answer', async () => {
    expect(await counted(() => call())).toEqual({ ...calls, ...timed('2xx') });
  });

  it.each([
    [404, '4xx', {}],
    [429, '4xx', { clockify_rate_limit_events_total: 1 }],
    [503, '5xx', {}],
  ])('counts the answer %i as failed', async (status, label, more) => {
    clockify.answerWith((_, response) => void response.writeHead(status).end());
    expect(await counted(() => call().catch(() => null))).toEqual({ ...failed, ...timed(label), ...more });
  });

  it('counts an answer that never came', async () => {
    clockify.answerWith((_, response) => void response.destroy());
    expect(await counted(() => call().catch(() => null))).toEqual({ ...failed, ...timed('none') });
  });

  it('adds up the time spent waiting', async () => {
    await call({ requestsPerSecond: 2 });
    const { clockify_rate_limit_wait_seconds_total: waited } = await counted(() => call());
    expect(waited).toBeGreaterThan(0);
    expect(waited).toBeLessThanOrEqual(0.5);
  });

  it('shows what of the budget is used and left, and who was slowed down', async () => {
    await call();
    expect(await gauge('clockify_budget_used_ratio')).toEqual({
      'clockify_budget_used_ratio{window="second"}': 0.02,
      'clockify_budget_used_ratio{window="hour"}': 0.05,
    });
    expect(await gauge('clockify_budget_left_ratio')).toEqual({
      'clockify_budget_left_ratio{window="second"}': 0.98,
      'clockify_budget_left_ratio{window="hour"}': 0.95,
    });
    clockify.refuseOnce();
    await call().catch(() => null);
    await call({ maxWaitMs: 0 }).catch(() => null);
    expect(await gauge('clockify_budget_workspaces')).toEqual({
      'clockify_budget_workspaces{state="open"}': 0,
      'clockify_budget_workspaces{state="slowed"}': 1,
    });
  });

  it('counts runs, how they end, and what they could not prove', async () => {
    const { orm } = clockify.mirror;
    const documents = loadDocuments(pathToFileURL(join(import.meta.dirname, '../')));
    const worker = buildActivities({
      config,
      orm,
      patientOrm: orm,
      metrics,
      gateway,
      ...documents,
      schedule: probeSchedule,
    });
    await install(orm);
    const options = { scope: 'core', timeEntries: false } as const;
    const open = () => worker.openRun({ ...firstRun, options, requestId: 'request-1' });
    expect(await counted(open)).toEqual({ clockify_bootstrap_jobs_total: 1 });
    expect(await counted(open)).toEqual({});
    const tags = { ...firstRun, entity: 'tags', reason: 'closed' } as const;
    expect(await counted(() => worker.giveUpEntity({ ...tags, state: 'skipped' }))).toEqual({});
    expect(await counted(() => worker.giveUpEntity({ ...tags, state: 'failed' }))).toEqual({
      clockify_bootstrap_incomplete_entities_total: 1,
    });
    expect(await counted(() => worker.closeRun({ ...firstRun, forced: 'FAILED' }))).toEqual({
      clockify_bootstrap_jobs_failed_total: 1,
      'clockify_bootstrap_runs_ended_total{status="FAILED"}': 1,
    });
  });
});

describe('a worker that processes deliveries', () => {
  let live: LiveMirror;
  beforeAll(async () => {
    live = await openLiveMirror({ isUnlimited: true });
  });
  afterAll(() => live.close());

  const metrics = createMetrics();
  const id = () => String(live.simulator.rows(live.ref.workspaceId, 'tags')[0]?.['id']);
  const processed = async (body: object, changes: Partial<DrainDeps> = {}) => {
    await addDeliveries(live.mirror, live.ref, [{ event: 'TAG_UPDATED', body }]);
    return countedBy(metrics, () => live.drain({ onProcessed: countDeliveries(metrics), ...changes }));
  };
  const outcome = (name: string) => ({ [`clockify_webhook_deliveries_processed_total{outcome="${name}"}`]: 1 });
  const lag = { clockify_webhook_to_mirror_seconds_count: 1 };

  it('counts what became of each, and how long it took', async () => {
    expect(await processed({ id: id() })).toEqual({ ...outcome('changed'), ...lag });
    expect(await processed({ id: id() })).toEqual({ ...outcome('unchanged'), ...lag });
    expect(await processed({})).toEqual(outcome('ignored'));
    live.simulator.mutate(live.ref.workspaceId, { entity: 'tags', remove: [id()] });
    const [held] = await live.mirror.rows('select entity_id as id from workspace_data');
    expect(await processed({ id: held?.['id'] })).toEqual({ ...outcome('deleted'), ...lag });
  });

  it('counts tries that failed, and what is given up', async () => {
    const refetch = () => Promise.reject(new AddonError('clockify_request_wrong', 'Clockify did not understand.'));
    expect(await processed({ id: id() }, { refetch })).toEqual(outcome('failed'));
    await live.mirror.rows(`update webhook_events set attempts = 7, due_at = now() where state = 'received'`);
    const again = () => live.drain({ onProcessed: countDeliveries(metrics), refetch });
    expect(await countedBy(metrics, again)).toEqual({
      ...outcome('parked'),
      clockify_webhook_deliveries_parked_total: 1,
    });
  });

  it('shows how many wait', async () => {
    metrics.mailboxDepth.sampleFrom({ waiting: () => countWaitingDeliveries(live.mirror.orm) });
    await addDeliveries(live.mirror, live.ref, [{ event: 'NEW_TAG', body: {}, dueInMs: 60_000 }]);
    const samples = parseExposition(await metrics.registry.metrics()).get('clockify_mailbox_depth')?.samples;
    expect(Object.fromEntries(samples ?? [])).toEqual({ 'clockify_mailbox_depth{state="waiting"}': 1 });
  });
});
