import Router from '@koa/router';
import type { MikroORM } from '@mikro-orm/postgresql';
import { storeCustomEvent } from '../../db/custom-events.ts';
import type { InstallationRef } from '../../domain/contract.ts';
import { AddonError } from '../../domain/errors.ts';
import { readWebhookBody } from '../../domain/webhook-body.ts';
import type { CustomSource } from '../../platform/custom-sources.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { assertSigned, buildSignedMessage, readClaimedSignature } from '../custom-signature.ts';
import { readSingleHeader } from '../headers.ts';
import { assertJsonBody, readBytes } from '../middleware/read-body.ts';
import { assertRoom } from '../ingest-limit.ts';
import type { IngestLimit } from '../ingest-limit.ts';
import type { RequestState } from '../state.ts';
import { fromStorage } from '../storage.ts';
import { redactHeaders } from '../webhook-headers.ts';
import { countRefusals } from '../webhook-outcomes.ts';
import { comeAgain } from '../webhook-receiver.ts';

export interface CustomWebhookRoutesDeps {
  readonly orm: MikroORM;
  readonly metrics: Metrics;
  readonly customWebhookSources: readonly CustomSource[];
  readonly webhookMaxPayloadBytes: number;
  readonly ingestLimit: IngestLimit;
  readonly onDeliveries: (refs: readonly InstallationRef[]) => void;
}

/**
 * Calls of the configured sources: each signs with its own secret, and speaks for its one workspace whatever the call
 * says. A signature counts once, for five minutes around its time.
 */
export function customWebhookRoutes(deps: CustomWebhookRoutesDeps): Router<RequestState> {
  const { orm, metrics, customWebhookSources, webhookMaxPayloadBytes, ingestLimit, onDeliveries } = deps;
  const router = new Router<RequestState>({ strict: true, sensitive: true });
  metrics.webhookEvents.inc({ event_type: 'custom' }, 0);

  router.post('/webhooks/custom/:source', countRefusals(metrics), async (ctx) => {
    const found = customWebhookSources.find(({ source }) => source === ctx.params['source']);
    if (found === undefined) throw new AddonError('not_found', 'There is no such source.');
    const { source, workspaceId, secret } = found;
    assertJsonBody(ctx.req);
    const { timestamp, signature } = readClaimedSignature(
      readSingleHeader(ctx.req, 'x-webhook-timestamp'),
      readSingleHeader(ctx.req, 'x-webhook-signature'),
      Date.now() / 1_000,
    );
    const raw = await readBytes(ctx.req, webhookMaxPayloadBytes);
    const message = buildSignedMessage(timestamp, raw);
    assertSigned(message, signature, secret);
    assertRoom(ingestLimit(`custom:${source}`, raw.length));
    metrics.webhookEvents.inc({ event_type: 'custom' });
    const { fault = null, json } = readWebhookBody(raw);
    const event = `custom:${source}`;
    const headers = redactHeaders(ctx.req);
    const { requestId, log } = ctx.state;
    const { outcome, ref } = await fromStorage(
      storeCustomEvent(orm, { workspaceId, event, message, raw, fault, json, headers, requestId }),
    );
    if (ref === undefined) throw comeAgain('out_of_use');
    if (outcome === 'replayed') throw new AddonError('conflict', 'This very call was taken before.');
    if (fault === null) onDeliveries([ref]);
    metrics.webhookDeliveries.inc({ outcome: fault === null ? 'stored' : 'quarantined' });
    log.info({ ...ref, event, bytes: raw.length, fault }, 'webhook_received');
    ctx.body = { received: true };
  });
  return router;
}
