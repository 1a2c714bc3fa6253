import Router from '@koa/router';
import Koa from 'koa';
import type { Logger } from '../platform/logger.ts';
import { accessLog } from './middleware/access-log.ts';
import { errorHandler } from './middleware/error-handler.ts';
import { requestContext } from './middleware/request-context.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { singleSlashes } from './middleware/single-slashes.ts';
import { addonRoutes } from './routes/addon.ts';
import type { AddonRoutesDeps } from './routes/addon.ts';
import { entityRoutes } from './routes/entities.ts';
import { inboxRoutes } from './routes/inbox.ts';
import type { InboxRoutesDeps } from './routes/inbox.ts';
import { lifecycleRoutes } from './routes/lifecycle.ts';
import type { LifecycleRoutesDeps } from './routes/lifecycle.ts';
import { operatorRoutes } from './routes/operator.ts';
import type { OperatorRoutesDeps } from './routes/operator.ts';
import { operationsRoutes } from './routes/operations.ts';
import type { OperationsRoutesDeps } from './routes/operations.ts';
import { uiRoutes } from './routes/ui.ts';
import type { UiRoutesDeps } from './routes/ui.ts';
import { customWebhookRoutes } from './routes/webhook-custom.ts';
import type { CustomWebhookRoutesDeps } from './routes/webhook-custom.ts';
import { webhookRoutes } from './routes/webhook.ts';
import type { WebhookRoutesDeps } from './routes/webhook.ts';
import { workspaceRoutes } from './routes/workspace.ts';
import type { WorkspaceRoutesDeps } from './routes/workspace.ts';
import type { RequestState } from './state.ts';

export interface AppDeps
  extends
    AddonRoutesDeps,
    InboxRoutesDeps,
    LifecycleRoutesDeps,
    OperationsRoutesDeps,
    OperatorRoutesDeps,
    UiRoutesDeps,
    CustomWebhookRoutesDeps,
    WebhookRoutesDeps,
    WorkspaceRoutesDeps {
  readonly log: Logger;
}

/** Every address the API answers at. */
export function createRouter(deps: AppDeps): Router {
  return new Router({ strict: true, sensitive: true })
    .use(addonRoutes(deps).routes())
    .use(operationsRoutes(deps).routes())
    .use(operatorRoutes(deps).routes())
    .use(uiRoutes(deps).routes())
    .use(lifecycleRoutes(deps).routes())
    .use(webhookRoutes(deps).routes())
    .use(customWebhookRoutes(deps).routes())
    .use(workspaceRoutes(deps).routes())
    .use(inboxRoutes(deps).routes())
    .use(entityRoutes(deps).routes());
}

/** The HTTP side of the add-on; it listens to nothing by itself. */
export function createApp(deps: AppDeps): Koa<RequestState> {
  const app = new Koa<RequestState>();
  const router = createRouter(deps);
  app.use(requestContext(deps.log));
  app.use(singleSlashes());
  app.use(accessLog());
  app.use(securityHeaders());
  app.use(errorHandler());
  app.use(router.routes());
  app.use(router.allowedMethods());
  // Only a connection that broke while an answer was sent gets here.
  app.on('error', (error: unknown) => deps.log.debug({ err: error }, 'answer not delivered'));
  return app;
}
