import Router from '@koa/router';
import { z } from 'zod';
import { bootstrapOptionsSchema } from '../../domain/bootstrap-options.ts';
import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import type { BootstrapRuns } from '../bootstrap-runs.ts';
import { kibibyte, readJson } from '../middleware/read-body.ts';
import { requireAdmin, requireCurrentAdmin, requireOwnWorkspace } from '../middleware/require-admin.ts';
import type { AdminGateDeps, ViewerState } from '../middleware/require-admin.ts';
import { parse } from '../parse.ts';
import type { BodyState, JsonState } from '../state.ts';
import { fromStorage } from '../storage.ts';

export interface BootstrapRoutesDeps extends AdminGateDeps {
  readonly runs: BootstrapRuns;
  readonly loadStatus: (workspaceId: string) => Promise<BootstrapStatus>;
  /** Time entries of so many days, unless the viewer says otherwise. */
  readonly timeEntryDays: number | undefined;
}

type State = ViewerState & BodyState & JsonState;

const orderSchema = z.strictObject({ reason: z.string().max(500).optional() });

/** Copying the workspace: for admins of the workspace, in their own workspace. */
export function bootstrapRoutes({ runs, loadStatus, timeEntryDays, ...gate }: BootstrapRoutesDeps): Router<State> {
  const router = new Router<State>({ prefix: '/bootstrap', strict: true, sensitive: true });
  router.use(...requireAdmin(gate));
  router.param('workspaceId', requireOwnWorkspace);

  router.get('/:workspaceId/status', async (ctx) => {
    ctx.body = await fromStorage(loadStatus(ctx.state.claims.workspaceId));
  });

  const change = [requireCurrentAdmin(gate.roles), readJson(16 * kibibyte)] as const;

  router.post('/:workspaceId', ...change, async (ctx) => {
    const { requestId, installation, json } = ctx.state;
    const options = parse(bootstrapOptionsSchema, json ?? {});
    const days = options.timeEntryDays ?? timeEntryDays;
    const origin = { workspaceId: installation.workspaceId, addonId: installation.addonId, requestId };
    const { jobId, status } = await runs.start(origin, {
      ...options,
      ...(days !== undefined && { timeEntryDays: days }),
    });
    ctx.state.log.info({ jobId, status, by: ctx.state.claims.user }, 'bootstrap requested');
    ctx.body = { job_id: jobId, status };
  });

  for (const action of ['pause', 'resume'] as const) {
    router.post(`/:workspaceId/${action}`, ...change, async (ctx) => {
      const { installation, claims, json } = ctx.state;
      const { reason } = parse(orderSchema, json ?? {});
      const ref = { workspaceId: installation.workspaceId, addonId: installation.addonId };
      await runs[action](ref, { by: claims.user, ...(reason !== undefined && { reason }) });
      ctx.state.log.info({ action, by: claims.user, reasonGiven: reason !== undefined }, 'bootstrap steered');
      ctx.body = { status: action === 'pause' ? 'paused' : 'resumed' };
    });
  }

  return router;
}
