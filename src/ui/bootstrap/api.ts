import type { z } from 'zod';
import type { BootstrapOptions } from '../../domain/bootstrap-options.ts';
import type { Coverage } from '../../domain/coverage.ts';
import type { CostEstimate } from '../../domain/cost-estimate.ts';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import type {
  OperatorActionLine,
  OperatorVerb,
  WebhookVerb,
  operatorBodySchemas,
} from '../../domain/operator-orders.ts';
import type { WebhookPlan } from '../../domain/webhook-plan.ts';
import { createHttp } from '../http.ts';
import type { Session } from '../session.ts';

/** A verb with what it takes. */
export type Order = {
  [Verb in OperatorVerb]: { readonly verb: Verb; readonly body: z.infer<(typeof operatorBodySchemas)[Verb]> };
}[OperatorVerb];

/** An order about webhooks with what it takes. */
export interface WebhookOrder {
  readonly verb: WebhookVerb;
  readonly body: { readonly reason?: string };
}

/** What a registration would do, and why it cannot; null when nothing speaks against it. */
export interface WebhookPreview extends WebhookPlan {
  readonly closedBecause: string | null;
}

export type BootstrapApi = ReturnType<typeof createBootstrapApi>;

/** Estimate, self-test and the orders about webhooks ask Clockify first. */
const longTimeoutMs = 60_000;

/** The bootstrap routes, for the viewer's workspace. Every failure is thrown as a {@link Refusal}. */
export function createBootstrapApi(session: Session) {
  const { get, post, stream } = createHttp(session, `/bootstrap/${encodeURIComponent(session.claims.workspaceId)}`);

  return {
    /** Opens the stream of the status, from the place that was reached. */
    openEvents: (lastEventId: string, signal: AbortSignal) => stream('/events', lastEventId, signal),

    /** Starts a run; `running` when one was under way already. */
    start: (options: Partial<BootstrapOptions>) => post<{ readonly status: 'started' | 'running' }>('', options),

    /** Gives an order; the answer says what came of it. */
    order: async ({ verb, body }: Order) =>
      (await post<{ readonly effect: string }>(`/${toSegment(verb)}`, body)).effect,

    /** The newest orders, newest first. */
    actions: async () => (await get<{ readonly actions: readonly OperatorActionLine[] }>('/actions')).actions,

    /** How changes of each kind reach the copy. */
    coverage: () => get<Coverage>('/coverage'),

    /** What a registration of webhooks would do. */
    previewWebhooks: () => get<WebhookPreview>('/webhooks/preview', longTimeoutMs),

    /** Gives an order about webhooks; the answer says what came of it. */
    orderWebhooks: async ({ verb, body }: WebhookOrder) =>
      (await post<{ readonly effect: string }>(`/${toSegment(verb)}`, body, longTimeoutMs)).effect,

    /** What a run with these options would cost. */
    estimate: (options: Partial<BootstrapOptions>) => post<CostEstimate>('/estimate', options, longTimeoutMs),

    /** The last self-test; null when there was none. */
    diagnosis: async () => (await get<{ readonly diagnosis: Diagnosis | null }>('/diagnosis')).diagnosis,

    /** Runs the self-test. */
    diagnose: async () => (await post<{ readonly diagnosis: Diagnosis }>('/diagnosis', {}, longTimeoutMs)).diagnosis,
  };
}

/** `retryFailed` stands at `retry-failed`. */
function toSegment(verb: OperatorVerb | WebhookVerb): string {
  return verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
