import type { IncomingMessage } from 'node:http';
import Router from '@koa/router';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Middleware } from 'koa';
import { keepAside } from '../../db/early-webhooks.ts';
import { findWebhookGates, storeDeliveries } from '../../db/webhook-events.ts';
import type { InstallationRef } from '../../domain/contract.ts';
import { AddonError } from '../../domain/errors.ts';
import { invalidToken } from '../../domain/token-kind.ts';
import { buildWebhookPath, webhookEvents } from '../../domain/webhook-events.ts';
import type { WebhookEvent } from '../../domain/webhook-events.ts';
import type { Logger } from '../../platform/logger.ts';
import { announcedBytes, readSingleHeader } from '../headers.ts';
import { assertRoom } from '../ingest-limit.ts';
import type { IngestLimit } from '../ingest-limit.ts';
import { assertJsonBody, assertSize, readBytes } from '../middleware/read-body.ts';
import type { TokenGateDeps } from '../middleware/require-token.ts';
import type { RequestState } from '../state.ts';
import { fromStorage } from '../storage.ts';
import { createWebhookGates } from '../webhook-gates.ts';
import { redactHeaders } from '../webhook-headers.ts';
import { createWebhookIntake } from '../webhook-intake.ts';
import { countRefusals } from '../webhook-outcomes.ts';
import { createWebhookProof } from '../webhook-proof.ts';
import { comeAgain, createWebhookReceiver } from '../webhook-receiver.ts';

export interface WebhookRoutesDeps extends TokenGateDeps {
  readonly orm: MikroORM;
  readonly log: Logger;
  readonly webhookMaxPayloadBytes: number;
  readonly ingestLimit: IngestLimit;
  /** Called after each commit with the installations that have deliveries to process. */
  readonly onDeliveries: (refs: readonly InstallationRef[]) => void;
}

/**
 * One route for each event. A delivery is answered with 200 once it is committed. Until its token has proved to be the
 * one that is stored for the installation and the path, no byte of its body is read.
 */
export function webhookRoutes(deps: WebhookRoutesDeps): Router<RequestState> {
  const router = new Router<RequestState>({ strict: true, sensitive: true });
  const handle = createHandler(deps);
  deps.metrics.webhookEvents.inc({ event_type: 'unknown' }, 0);
  for (const event of webhookEvents) {
    deps.metrics.webhookEvents.inc({ event_type: event }, 0);
    router.post(buildWebhookPath(event), countRefusals(deps.metrics), handle(event));
  }
  router.post('/webhooks/clockify/:event', () => {
    deps.metrics.webhookEvents.inc({ event_type: 'unknown' });
    throw new AddonError('not_found', 'There is no such event.');
  });
  return router;
}

function createHandler(deps: WebhookRoutesDeps) {
  const { orm, log, metrics, tokens, webhookMaxPayloadBytes, ingestLimit, onDeliveries } = deps;
  const gates = createWebhookGates({ load: (refs) => fromStorage(findWebhookGates(orm, refs)) });
  const prove = createWebhookProof({ tokens, metrics, gates });
  const receive = createWebhookReceiver({
    keepAside: (delivery) => fromStorage(keepAside(orm, delivery)),
    intake: createWebhookIntake({
      store: (deliveries) => fromStorage(storeDeliveries(orm, deliveries)),
      onDeliveries,
      onDepth: (waiting) => metrics.webhooksWaiting.set(waiting),
      log,
    }),
  });

  return (event: WebhookEvent): Middleware<RequestState> => {
    const path = buildWebhookPath(event);
    return async function receiveDelivery(ctx) {
      const endTimer = metrics.webhookReceipt.startTimer();
      assertJsonBody(ctx.req);
      const proof = await prove({
        path,
        token: readSingleHeader(ctx.req, 'clockify-signature'),
        query: new URLSearchParams(ctx.querystring),
      });
      assertEvent(ctx.req, event);
      if (proof.standing === 'out_of_use') throw comeAgain('out_of_use');
      const announced = announcedBytes(ctx.req.headers);
      assertSize(announced, webhookMaxPayloadBytes);
      const sender = `${proof.ref.workspaceId}:${proof.ref.addonId}`;
      assertRoom(ingestLimit(sender, announced));
      const raw = await readBytes(ctx.req, webhookMaxPayloadBytes);
      if (raw.length > announced) assertRoom(ingestLimit(sender, raw.length));
      metrics.webhookEvents.inc({ event_type: event });
      const { requestId } = ctx.state;
      const receipt = await receive({ proof, path, event, raw, headers: redactHeaders(ctx.req), requestId });
      metrics.webhookDeliveries.inc({ outcome: receipt.outcome });
      endTimer();
      ctx.state.log.info({ ...proof.ref, event, bytes: raw.length, ...receipt }, 'webhook_received');
      ctx.body = { received: true };
    };
  };
}

function assertEvent(request: IncomingMessage, event: string): void {
  if (readSingleHeader(request, 'clockify-webhook-event-type') !== event) throw invalidToken('other_event');
}
