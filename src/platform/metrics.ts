import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createSampledGauge } from './sampled-gauge.ts';

const lifecycleEvents = ['installed', 'status-changed', 'settings-updated', 'deleted'] as const;
const signatureScopes = ['lifecycle', 'installation', 'webhook', 'user'] as const;
const runEnds = ['COMPLETED', 'COMPLETED_WITH_WARNINGS', 'COMPLETED_WITH_ERRORS', 'FAILED', 'CANCELLED'] as const;
const webhookOutcomes = [
  'stored',
  'coalesced',
  'quarantined',
  'early',
  'out_of_use',
  'not_stored',
  'malformed',
  'wrong_type',
  'bad_token',
  'other_event',
  'other_workspace',
  'too_large',
  'too_many',
  'replayed',
  'unknown',
] as const;
/** What became of a delivery; after the first three it was answered with 200. */
export type WebhookOutcome = (typeof webhookOutcomes)[number];
const processingOutcomes = ['changed', 'unchanged', 'deleted', 'ignored', 'failed', 'parked'] as const;
/** From a moment after the delivery to a day of tries. */
const lagSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600, 21_600, 86_400];
/** An answer is expected within tens of milliseconds. */
const receiptSeconds = [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** Around what Clockify takes for a page, and the client's limits of 10 s of silence and 30 s in all. */
const callSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export type BudgetWindow = 'second' | 'hour';

/** What one process counts and measures. Labels come from closed sets, so a caller cannot grow the number of series. */
export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
  const labelled = <Label extends string>(name: string, help: string, label: Label, values: readonly string[]) => {
    const metric = new Counter({ name, help, labelNames: [label], registers: [registry] });
    for (const value of values) metric.inc({ [label]: value } as Record<Label, string>, 0);
    return metric;
  };

  const sampled = <Value extends string>(name: string, help: string, label: string) =>
    createSampledGauge<Value>(registry, { name, help, label });

  return {
    registry,
    apiCalls: counter('clockify_api_calls_total', 'Requests sent to Clockify'),
    apiCallsFailed: counter('clockify_api_calls_failed_total', 'Requests to Clockify that did not bring a good answer'),
    apiCallDuration: new Histogram({
      name: 'clockify_api_call_duration_seconds',
      help: 'From sending a request to Clockify to the end of its answer, by class of status',
      labelNames: ['status'],
      buckets: callSeconds,
      registers: [registry],
    }),
    rateLimitEvents: counter('clockify_rate_limit_events_total', 'Answers of Clockify that said: too many requests'),
    rateLimitWaitSeconds: counter('clockify_rate_limit_wait_seconds_total', 'Time spent waiting for a free slot'),
    budgetUsed: sampled<BudgetWindow>(
      'clockify_budget_used_ratio',
      'Largest share of its budget that a workspace has in use, as this process last saw it',
      'window',
    ),
    budgetLeft: sampled<BudgetWindow>(
      'clockify_budget_left_ratio',
      'Smallest share of its budget that a workspace has left, as this process last saw it',
      'window',
    ),
    budgetWorkspaces: sampled<'open' | 'slowed'>(
      'clockify_budget_workspaces',
      'Workspaces that this process asked a slot for in the last hour; slowed: after too many requests',
      'state',
    ),
    webhookEvents: new Counter({
      name: 'clockify_webhook_events_total',
      help: 'Deliveries of Clockify that proved to be its own, repeated ones too; unknown: calls of events there are not',
      labelNames: ['event_type'],
      registers: [registry],
    }),
    webhookDeliveries: labelled(
      'clockify_webhook_deliveries_total',
      'Webhook calls, by what became of them',
      'outcome',
      webhookOutcomes,
    ),
    webhookReceipt: new Histogram({
      name: 'clockify_webhook_receipt_duration_seconds',
      help: 'From the headers of a delivery to its commit, for deliveries answered with 200',
      buckets: receiptSeconds,
      registers: [registry],
    }),
    webhooksWaiting: new Gauge({
      name: 'clockify_webhooks_waiting',
      help: 'Deliveries that wait for their commit',
      registers: [registry],
    }),
    deliveriesProcessed: labelled(
      'clockify_webhook_deliveries_processed_total',
      'Tries to bring the mirror to what a delivery announced, by what came of them',
      'outcome',
      processingOutcomes,
    ),
    deliveriesParked: counter('clockify_webhook_deliveries_parked_total', 'Deliveries given up after many tries'),
    deliveriesPurged: counter('clockify_webhook_deliveries_purged_total', 'Deliveries deleted because of their age'),
    deliveryLag: new Histogram({
      name: 'clockify_webhook_to_mirror_seconds',
      help: 'From the last coming of a delivery to the mirror as it announced',
      buckets: lagSeconds,
      registers: [registry],
    }),
    mailboxDepth: sampled<'waiting'>(
      'clockify_mailbox_depth',
      'Stored deliveries that were not processed yet, of all workspaces',
      'state',
    ),
    lifecycleEvents: labelled(
      'clockify_lifecycle_events_total',
      'Lifecycle calls that were accepted',
      'event',
      lifecycleEvents,
    ),
    lifecycleEventsFailed: labelled(
      'clockify_lifecycle_events_failed_total',
      'Lifecycle calls that were refused or could not be stored',
      'event',
      lifecycleEvents,
    ),
    bootstrapJobs: counter('clockify_bootstrap_jobs_total', 'Bootstrap runs that started'),
    bootstrapJobsFailed: counter('clockify_bootstrap_jobs_failed_total', 'Bootstrap runs that failed'),
    bootstrapRunsEnded: labelled(
      'clockify_bootstrap_runs_ended_total',
      'Bootstrap runs that ended, by their last status',
      'status',
      runEnds,
    ),
    incompleteEntities: counter(
      'clockify_bootstrap_incomplete_entities_total',
      'Kinds of rows that a run failed to read, or could not prove complete',
    ),
    queueDepth: sampled<'outbox' | 'spool'>(
      'clockify_queue_depth',
      'Lifecycle calls that wait: in the outbox for Temporal, in the spool for PostgreSQL',
      'queue',
    ),
    workerTasks: sampled<'activities' | 'workflows'>(
      'clockify_worker_tasks',
      'Tasks that the worker has in hand; not shown unless it takes tasks',
      'kind',
    ),
    falseAlarms: counter(
      'clockify_uninstall_false_alarms_total',
      'Installations put back into use because Clockify still accepted their token',
    ),
    signatureFailures: labelled(
      'clockify_signature_verification_failures_total',
      'Tokens that were refused, by the kind the call needs',
      'scope',
      signatureScopes,
    ),
    logLinesDropped: counter('clockify_log_lines_dropped_total', 'Log lines that could not be written in time'),
    staleAttempts: counter('clockify_stale_attempts_total', 'Page commits refused because a newer attempt took over'),
  };
}

/** Every name, for what is built on them: dashboards and alerts. */
export const metricNames: readonly string[] = createMetrics()
  .registry.getMetricsAsArray()
  .map(({ name }) => name);
