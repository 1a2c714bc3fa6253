import { Counter, Registry } from 'prom-client';

const lifecycleEvents = ['installed', 'status-changed', 'settings-updated', 'deleted'] as const;
const signatureScopes = ['lifecycle', 'installation', 'webhook', 'user'] as const;

/** The counters of one process. Labels come from closed sets, so a caller cannot grow the number of series. */
export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
  const labelled = <Label extends string>(name: string, help: string, label: Label, values: readonly string[]) => {
    const metric = new Counter({ name, help, labelNames: [label], registers: [registry] });
    for (const value of values) metric.inc({ [label]: value } as Record<Label, string>, 0);
    return metric;
  };

  return {
    registry,
    apiCalls: counter('clockify_api_calls_total', 'Requests sent to Clockify'),
    apiCallsFailed: counter('clockify_api_calls_failed_total', 'Requests to Clockify that did not bring a good answer'),
    rateLimitEvents: counter('clockify_rate_limit_events_total', 'Answers of Clockify that said: too many requests'),
    rateLimitWaitSeconds: counter('clockify_rate_limit_wait_seconds_total', 'Time spent waiting for a free slot'),
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
    staleAttempts: counter('clockify_stale_attempts_total', 'Page commits refused because a newer attempt took over'),
  };
}
