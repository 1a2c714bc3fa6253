import Router from '@koa/router';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Middleware } from 'koa';
import { Installation } from '../../db/installation.entity.ts';
import { withWorkspace } from '../../db/orm.ts';
import { WebhookRegistration } from '../../db/webhook-registration.entity.ts';
import { AddonError } from '../../domain/errors.ts';
import { invalidToken } from '../../domain/token-kind.ts';
import { buildWebhookPath, webhookEvents } from '../../domain/webhook-events.ts';
import { digestToken, isSameDigest } from '../../platform/token-digest.ts';
import { readSingleHeader } from '../headers.ts';
import { kibibyte, readBody } from '../middleware/read-body.ts';
import { requireToken } from '../middleware/require-token.ts';
import type { TokenGateDeps } from '../middleware/require-token.ts';
import type { BodyState, ClaimsState, RequestState } from '../state.ts';
import { fromStorage } from '../storage.ts';

export interface WebhookRoutesDeps extends TokenGateDeps {
  readonly orm: MikroORM;
}

type State = RequestState & ClaimsState<'webhook'> & BodyState;

const signatureHeader = 'clockify-signature';
const longestBody = 5 * 1024 * kibibyte;

/**
 * One route for each event. A delivery must carry the very token that was stored for its installation and path.
 * Deliveries are not received yet: they are answered 503, which makes Clockify repeat them.
 */
export function webhookRoutes(deps: WebhookRoutesDeps): Router<State> {
  const router = new Router<State>({ strict: true, sensitive: true });
  for (const event of webhookEvents) {
    const deliveries = deps.metrics.webhookEvents.labels(event);
    deliveries.inc(0);
    router.post(
      buildWebhookPath(event),
      requireEvent(event),
      requireToken(signatureHeader, 'webhook', deps),
      requireStoredToken(buildWebhookPath(event), deps.orm),
      readBody(longestBody),
      () => {
        deliveries.inc();
        throw notReady();
      },
    );
  }
  return router;
}

function requireEvent(event: string): Middleware<State> {
  return function requireEvent(ctx, next) {
    if (readSingleHeader(ctx.req, 'clockify-webhook-event-type') !== event) throw invalidToken('other_token');
    return next();
  };
}

/** An installation we do not know, or that is not in use, may be known when Clockify repeats the delivery. */
function requireStoredToken(path: string, orm: MikroORM): Middleware<State> {
  return async function requireStoredToken(ctx, next) {
    const { workspaceId, addonId } = ctx.state.claims;
    const [installation, registration] = await fromStorage(
      withWorkspace(
        orm,
        workspaceId,
        async (em) =>
          [
            await em.findOne(Installation, { workspaceId, addonId }),
            await em.findOne(WebhookRegistration, { workspaceId, addonId, path }),
          ] as const,
      ),
    );
    if (registration === null) throw notReady();
    const digest = digestToken(readSingleHeader(ctx.req, signatureHeader) ?? '');
    if (!isSameDigest(digest, registration.tokenDigest)) throw invalidToken('other_token');
    if (installation?.status !== 'active') throw notReady();
    await next();
  };
}

const notReady = (): AddonError =>
  new AddonError('storage_unavailable', 'Deliveries cannot be received at the moment. Please repeat them.');
