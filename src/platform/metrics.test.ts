import { describe, expect, it, test } from '@jest/globals';
import { parseExposition } from '../../test/support/exposition.ts';
import { createMetrics, metricNames } from './metrics.ts';

const expose = async (metrics = createMetrics()) => parseExposition(await metrics.registry.metrics());

test('the text is what Prometheus reads, with every name once', async () => {
  expect([...(await expose()).keys()].toSorted()).toEqual(metricNames.toSorted());
});

test.each([
  'clockify_api_calls_total',
  'clockify_api_calls_failed_total',
  'clockify_rate_limit_events_total',
  'clockify_rate_limit_wait_seconds_total',
  'clockify_webhook_events_total',
  'clockify_lifecycle_events_total',
  'clockify_lifecycle_events_failed_total',
  'clockify_bootstrap_jobs_total',
  'clockify_bootstrap_jobs_failed_total',
  'clockify_signature_verification_failures_total',
])('%s is a counter', async (name) => {
  expect((await expose()).get(name)).toMatchObject({ type: 'counter' });
});

test.each([
  ['lifecycleEvents', 'clockify_lifecycle_events_total{event="status-changed"}'],
  ['signatureFailures', 'clockify_signature_verification_failures_total{scope="lifecycle"}'],
  ['bootstrapRunsEnded', 'clockify_bootstrap_runs_ended_total{status="COMPLETED_WITH_WARNINGS"}'],
])('every series of %s exists from the start', async (_, sample) => {
  const samples = [...(await expose()).values()].flatMap((metric) => [...metric.samples]);
  expect(samples).toContainEqual([sample, 0]);
});

describe('a gauge that is read with the metrics', () => {
  const readings = async (outbox: () => number | Promise<number>) => {
    const metrics = createMetrics();
    metrics.queueDepth.sampleFrom({ outbox, spool: () => 2 });
    return Object.fromEntries((await expose(metrics)).get('clockify_queue_depth')?.samples ?? []);
  };
  const spool = { 'clockify_queue_depth{queue="spool"}': 2 };

  it('shows what its sources say', async () => {
    expect(await readings(() => Promise.resolve(3))).toEqual({ 'clockify_queue_depth{queue="outbox"}': 3, ...spool });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('away'))],
    [
      'throws',
      () => {
        throw new Error('away');
      },
    ],
    ['does not answer', () => new Promise<number>(() => {})],
  ])('leaves out a series whose source %s', async (_, source) => {
    expect(await readings(source)).toEqual(spool);
  });

  it('shows a series again once its source answers', async () => {
    let isAway = false;
    const metrics = createMetrics();
    const source = () => (isAway ? undefined : 1);
    metrics.workerTasks.sampleFrom({ activities: source, workflows: source });
    const sizes: (number | undefined)[] = [];
    for (isAway of [false, true, false]) sizes.push((await expose(metrics)).get('clockify_worker_tasks')?.samples.size);
    expect(sizes).toEqual([2, 0, 2]);
  });

  it('has no series without a source', async () => {
    expect((await expose()).get('clockify_queue_depth')?.samples.size).toBe(0);
  });
});
