// What the webhook benchmark compares with: each delivery verified, looked up and inserted by itself.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Router from '@koa/router';
import Koa from 'koa';
import { errorHandler } from '../../src/api/middleware/error-handler.ts';
import { readBody } from '../../src/api/middleware/read-body.ts';
import { requestContext } from '../../src/api/middleware/request-context.ts';
import { requireToken } from '../../src/api/middleware/require-token.ts';
import { createHttpServer } from '../../src/api/server.ts';
import type { BodyState, ClaimsState, RequestState } from '../../src/api/state.ts';
import { createTokenVerifier } from '../../src/clockify/token-verifier.ts';
import { Installation } from '../../src/db/installation.entity.ts';
import { createOrm, withWorkspace } from '../../src/db/orm.ts';
import { WebhookEvent } from '../../src/db/webhook-event.entity.ts';
import { WebhookRegistration } from '../../src/db/webhook-registration.entity.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { digestToken, isSameDigest } from '../../src/platform/token-digest.ts';

type State = RequestState & ClaimsState<'webhook'> & BodyState;

const config = loadConfig(process.env);
const orm = createOrm(config.databaseUrl);
const tokens = createTokenVerifier({ publicKeys: config.publicKeys, addonKey: config.addonKey });
const router = new Router<State>();

router.post(
  '/webhooks/clockify/:event',
  requireToken('clockify-signature', 'webhook', { tokens, metrics: createMetrics() }),
  readBody(config.webhookMaxPayloadBytes),
  async (ctx) => {
    const { workspaceId, addonId } = ctx.state.claims;
    const { body: raw, requestId } = ctx.state;
    await withWorkspace(orm, workspaceId, async (em) => {
      const installation = await em.findOneOrFail(Installation, { workspaceId, addonId, status: 'active' });
      const { event, tokenDigest } = await em.findOneOrFail(WebhookRegistration, {
        workspaceId,
        addonId: installation.addonId,
        path: ctx.path,
      });
      if (!isSameDigest(tokenDigest, digestToken(ctx.get('clockify-signature')))) ctx.throw(401);
      const now = new Date();
      await em.insert(WebhookEvent, {
        workspaceId,
        addonId,
        event,
        bodyHash: createHash('sha256').update(raw).digest(),
        windowStart: now,
        raw,
        body: JSON.parse(raw.toString()) as unknown,
        headers: { 'content-type': ctx.get('content-type') },
        receivedAt: now,
        lastReceivedAt: now,
        dueAt: now,
        state: 'received',
        requestId,
      });
    });
    ctx.state.log.info({ workspaceId, addonId }, 'webhook_received');
    ctx.status = 200;
    ctx.body = { received: true };
  },
);

const log = createLogger(config.logLevel);
const app = new Koa<RequestState>();
app.use(requestContext(log)).use(errorHandler()).use(router.routes());
const handle = app.callback();
const { server } = createHttpServer((request, response) => void handle(request, response));
await once(server.listen(config.port, config.host), 'listening');
log.info({ address: server.address() as AddressInfo }, 'listening');
