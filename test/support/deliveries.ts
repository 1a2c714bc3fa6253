import type { InstallationRef } from '../../src/domain/contract.ts';
import { buildWebhookPath, webhookEvents } from '../../src/domain/webhook-events.ts';
import type { WebhookEvent } from '../../src/domain/webhook-events.ts';
import type { TestApi } from './api.ts';
import type { HttpAnswer } from './http.ts';
import { waitUntil } from './wait-until.ts';

export type WebhookTokens = Readonly<Record<WebhookEvent, string>>;

/** A token for every event, each of its own. */
export function mintWebhookTokens(api: TestApi, ref: InstallationRef): WebhookTokens {
  const tokens = webhookEvents.map((event, index) => [event, api.mint.webhook(ref, { iat: 1_700_000_000 + index })]);
  return Object.fromEntries(tokens) as WebhookTokens;
}

/** Installs the add-on, as Clockify would, with a webhook for every event. */
export async function installWithWebhooks(api: TestApi, ref: InstallationRef, tokens: WebhookTokens): Promise<void> {
  const answer = await api.send('/lifecycle/installed', {
    method: 'POST',
    headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(ref) },
    body: {
      ...ref,
      authToken: api.mint.installation(ref),
      apiUrl: 'https://api.clockify.me/api',
      webhooks: webhookEvents.map((event) => ({ path: buildWebhookPath(event), authToken: tokens[event] })),
    },
  });
  if (answer.status !== 204) throw new Error(`INSTALLED was answered with ${answer.status}: ${answer.text}`);
}

export interface Delivery {
  readonly token?: string | string[] | undefined;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: unknown;
  readonly chunked?: boolean;
  readonly query?: string;
}

/** One delivery as Clockify sends it. */
export function deliver(api: TestApi, event: string, delivery: Delivery): Promise<HttpAnswer> {
  const { token, headers, body = {}, chunked, query = '' } = delivery;
  return api.send(`/webhooks/clockify/${event}${query}`, {
    method: 'POST',
    headers: {
      ...(token !== undefined && { 'Clockify-Signature': token }),
      'Clockify-Webhook-Event-Type': event,
      ...headers,
    },
    body,
    ...(chunked !== undefined && { chunked }),
  });
}

/** Resolves when the ten minutes within which identical bodies are one row do not end at any moment. */
export const duringOneWindow = (): Promise<void> => waitUntil(() => Date.now() % 600_000 < 595_000);
