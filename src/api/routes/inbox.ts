import Router from '@koa/router';
import { findLine } from '../../db/inbox-detail.ts';
import { replayDeliveries } from '../../db/inbox-replay.ts';
import type { InstallationRef } from '../../domain/contract.ts';
import { AddonError } from '../../domain/errors.ts';
import { deliveryIdSchema, replaySchema } from '../../domain/inbox-requests.ts';
import type { ReplayOrder } from '../../domain/inbox.ts';
import { webhookBodySchema } from '../../domain/operator-orders.ts';
import { presentDetail } from '../inbox-detail.ts';
import { inboxQuerySchema, loadInboxPage } from '../inbox-list.ts';
import { kibibyte, readJson } from '../middleware/read-body.ts';
import { requireAdmin, requireCurrentAdmin } from '../middleware/require-admin.ts';
import type { AdminGateDeps, ViewerState } from '../middleware/require-admin.ts';
import { parse, parsePart } from '../parse.ts';
import type { JsonState } from '../state.ts';
import { fromStorage } from '../storage.ts';
import type { WorkspaceRouter } from '../workspace-router.ts';
import { addInboxStreamRoute, inboxPath } from './inbox-stream.ts';
import type { InboxStreamDeps } from './inbox-stream.ts';

export interface InboxRoutesDeps extends AdminGateDeps, InboxStreamDeps {
  /** Called with installations that have deliveries to process. */
  readonly onDeliveries: (refs: readonly InstallationRef[]) => void;
}

/** The deliveries that came, and what became of them: for admins of the workspace, in their own workspace. */
export function inboxRoutes(deps: InboxRoutesDeps): WorkspaceRouter {
  const router: WorkspaceRouter = new Router({ strict: true, sensitive: true });
  const replay = createReplay(deps);
  router.use(inboxPath, ...requireAdmin(deps));
  const change = [requireCurrentAdmin(deps.roles), readJson(16 * kibibyte)] as const;

  router.get(inboxPath, async (ctx) => {
    ctx.body = await loadInboxPage(deps.orm, ctx.state.installation, parse(inboxQuerySchema, { ...ctx.query }));
  });

  addInboxStreamRoute(router, deps);

  router.post(`${inboxPath}/replay`, ...change, async (ctx) => {
    ctx.body = { effect: await replay(ctx.state, parse(replaySchema, ctx.state.json)) };
  });

  router.get(`${inboxPath}/:id`, async (ctx) => {
    const { installation } = ctx.state;
    const line = await fromStorage(findLine(deps.orm, installation, parseId(ctx.params['id'])));
    if (line === undefined) throw noSuchDelivery();
    ctx.body = presentDetail(installation, line);
  });

  router.post(`${inboxPath}/:id/replay`, ...change, async (ctx) => {
    const ids = [parseId(ctx.params['id'])];
    ctx.body = { effect: await replay(ctx.state, { ids, ...parse(webhookBodySchema, ctx.state.json ?? {}) }) };
  });

  return router;
}

/** Has the relay look for what is to be processed, as after a receipt. */
function createReplay({ orm, onDeliveries }: Pick<InboxRoutesDeps, 'orm' | 'onDeliveries'>) {
  return async function replay(state: ViewerState & JsonState, order: ReplayOrder): Promise<string> {
    const { requestId, claims, log } = state;
    const { workspaceId, addonId } = state.installation;
    const selection = 'ids' in order ? { ids: order.ids } : 'failed';
    const line = { orderId: requestId, actor: claims.user, reason: order.reason ?? null };
    const effect = await fromStorage(replayDeliveries(orm, { workspaceId, addonId }, selection, line));
    log.info({ effect, by: claims.user }, 'webhooks replayed');
    onDeliveries([{ workspaceId, addonId }]);
    return effect;
  };
}

const parseId = (id: string | undefined): string => parsePart(deliveryIdSchema, id, noSuchDelivery);

const noSuchDelivery = (): AddonError => new AddonError('not_found', 'There is no such delivery.');
