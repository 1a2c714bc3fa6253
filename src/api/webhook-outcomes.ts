import type { Middleware } from 'koa';
import { AddonError } from '../domain/errors.ts';
import type { Metrics, WebhookOutcome } from '../platform/metrics.ts';

/** Counts what was not taken, by the reason. What was taken is counted where it is known what became of it. */
export function countRefusals(metrics: Metrics): Middleware {
  return async function countRefusals(_, next) {
    try {
      await next();
    } catch (error) {
      metrics.webhookDeliveries.inc({ outcome: outcomeOf(error) });
      throw error;
    }
  };
}

const outcomes: Readonly<Record<string, WebhookOutcome>> = {
  invalid_request: 'malformed',
  unsupported_media_type: 'wrong_type',
  not_found: 'unknown',
  invalid_token: 'bad_token',
  workspace_mismatch: 'other_workspace',
  payload_too_large: 'too_large',
  too_many_requests: 'too_many',
  conflict: 'replayed',
  other_event: 'other_event',
  early: 'early',
  out_of_use: 'out_of_use',
};

function outcomeOf(error: unknown): WebhookOutcome {
  if (!(error instanceof AddonError)) return 'not_stored';
  return outcomes[String(error.details['reason'])] ?? outcomes[error.code] ?? 'not_stored';
}
