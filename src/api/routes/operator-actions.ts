import { z } from 'zod';
import { loadOperatorActions } from '../../db/operator-actions.ts';
import type { AdminGateDeps } from '../middleware/require-admin.ts';
import { parse } from '../parse.ts';
import { fromStorage } from '../storage.ts';
import type { WorkspaceRouter } from '../workspace-router.ts';

const querySchema = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) });

/** The log of orders, for admins of the workspace. */
export function addOperatorActionsRoute(router: WorkspaceRouter, gate: AdminGateDeps): void {
  router.get('/:workspaceId/actions', async (ctx) => {
    const { limit } = parse(querySchema, ctx.query);
    ctx.body = { actions: await fromStorage(loadOperatorActions(gate.orm, ctx.state.claims, limit)) };
  });
}
