import { loadCoverage } from '../../db/coverage.ts';
import { webhookBodySchema, webhookVerbs } from '../../domain/operator-orders.ts';
import { kibibyte, readJson } from '../middleware/read-body.ts';
import { requireCurrentAdmin } from '../middleware/require-admin.ts';
import type { AdminGateDeps } from '../middleware/require-admin.ts';
import { parse } from '../parse.ts';
import { toSegment } from '../segments.ts';
import { fromStorage } from '../storage.ts';
import type { WebhookDesk } from '../webhook-desk.ts';
import type { WorkspaceRouter } from '../workspace-router.ts';

export interface CoverageRoutesDeps extends AdminGateDeps {
  readonly webhooks: WebhookDesk;
}

/** How changes reach the copy, and the orders about webhooks: for admins of the workspace, in their own workspace. */
export function addCoverageRoutes(router: WorkspaceRouter, { webhooks, ...gate }: CoverageRoutesDeps): void {
  router.get('/:workspaceId/coverage', async (ctx) => {
    ctx.body = await fromStorage(loadCoverage(gate.orm, ctx.state.installation));
  });

  router.get('/:workspaceId/webhooks/preview', requireCurrentAdmin(gate.roles), async (ctx) => {
    const { workspaceId, addonId } = ctx.state.installation;
    ctx.body = await webhooks.preview({ workspaceId, addonId });
  });

  for (const verb of webhookVerbs) {
    const gates = [requireCurrentAdmin(gate.roles), readJson(16 * kibibyte)] as const;
    router.post(`/:workspaceId/${toSegment(verb)}`, ...gates, async (ctx) => {
      const { requestId, installation, claims, json } = ctx.state;
      const order = { ...parse(webhookBodySchema, json ?? {}), by: claims.user };
      const { workspaceId, addonId } = installation;
      const effect = await webhooks.give({ workspaceId, addonId, requestId }, verb, order);
      ctx.state.log.info({ verb, effect, by: claims.user }, 'webhooks steered');
      ctx.body = { effect };
    });
  }
}
