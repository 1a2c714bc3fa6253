import type { EstimateCost } from '../../activities/cost-estimate.ts';
import { kibibyte, readJson } from '../middleware/read-body.ts';
import { requireCurrentAdmin } from '../middleware/require-admin.ts';
import type { AdminGateDeps } from '../middleware/require-admin.ts';
import { parseRunOptions } from '../run-options.ts';
import { fromStorage } from '../storage.ts';
import type { WorkspaceRouter } from '../workspace-router.ts';

export interface EstimateRoutesDeps extends AdminGateDeps {
  readonly estimateCost: EstimateCost;
  /** Time entries of so many days, unless the viewer says otherwise. */
  readonly timeEntryDays: number | undefined;
}

/** What a run would cost before it is started: the body of a start, and nothing starts. */
export function addEstimateRoutes(
  router: WorkspaceRouter,
  { estimateCost, timeEntryDays, ...gate }: EstimateRoutesDeps,
): void {
  router.post('/:workspaceId/estimate', requireCurrentAdmin(gate.roles), readJson(16 * kibibyte), async (ctx) => {
    const { installation, json, claims, log } = ctx.state;
    const { workspaceId, addonId } = installation;
    const options = parseRunOptions(json, timeEntryDays);
    const estimate = await fromStorage(estimateCost({ workspaceId, addonId }, options));
    const { calls, basis, requests } = estimate;
    log.info({ calls, basis, requests, by: claims.user }, 'cost estimated');
    ctx.body = estimate;
  });
}
