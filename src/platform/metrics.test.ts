import { expect, test } from '@jest/globals';
import { createMetrics } from './metrics.ts';

test('each counter has its name once and rises by exactly one', async () => {
  const { registry, ...counters } = createMetrics();
  const labels: Partial<Record<keyof typeof counters, Record<string, string>>> = {
    lifecycleEvents: { event: 'installed' },
    lifecycleEventsFailed: { event: 'deleted' },
    signatureFailures: { scope: 'webhook' },
  };
  for (const [name, counter] of Object.entries(counters)) counter.inc(labels[name as keyof typeof counters] ?? {});

  const text = await registry.metrics();
  const samples = text.split('\n').filter((line) => line && !line.startsWith('#') && !line.endsWith(' 0'));
  expect(samples.sort()).toEqual([
    'clockify_api_calls_failed_total 1',
    'clockify_api_calls_total 1',
    'clockify_bootstrap_jobs_failed_total 1',
    'clockify_bootstrap_jobs_total 1',
    'clockify_lifecycle_events_failed_total{event="deleted"} 1',
    'clockify_lifecycle_events_total{event="installed"} 1',
    'clockify_rate_limit_events_total 1',
    'clockify_rate_limit_wait_seconds_total 1',
    'clockify_signature_verification_failures_total{scope="webhook"} 1',
    'clockify_stale_attempts_total 1',
    'clockify_uninstall_false_alarms_total 1',
  ]);
});

test('every series of the labelled counters exists from the start', async () => {
  const text = await createMetrics().registry.metrics();
  expect(text).toContain('clockify_lifecycle_events_total{event="status-changed"} 0');
  expect(text).toContain('clockify_signature_verification_failures_total{scope="lifecycle"} 0');
});
