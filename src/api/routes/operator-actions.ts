import Router from '@koa/router';
import { z } from 'zod';
import { loadOperatorActions } from '../../db/operator-actions.ts';
import { requireAdmin, requireOwnWorkspace } from '../middleware/require-admin.ts';
import type { AdminGateDeps, ViewerState } from '../middleware/require-admin.ts';
import { parse } from '../parse.ts';
import { fromStorage } from '../storage.ts';

const querySchema = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) });

/** The log of orders, for admins of the workspace. */
export function operatorActionsRoutes(gate: AdminGateDeps): Router<ViewerState> {
  const router = new Router<ViewerState>({ prefix: '/bootstrap', strict: true, sensitive: true });
  router.use(...requireAdmin(gate));
  router.param('workspaceId', requireOwnWorkspace);

  router.get('/:workspaceId/actions', async (ctx) => {
    const { limit } = parse(querySchema, ctx.query);
    ctx.body = { actions: await fromStorage(loadOperatorActions(gate.orm, ctx.state.claims, limit)) };
  });

  return router;
}
