import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import { operatorBodySchemas, operatorVerbs } from '../../domain/operator-orders.ts';
import type { OperatorDesk } from '../operator-desk.ts';
import { kibibyte, readJson } from '../middleware/read-body.ts';
import { requireCurrentAdmin } from '../middleware/require-admin.ts';
import type { AdminGateDeps } from '../middleware/require-admin.ts';
import { parse } from '../parse.ts';
import { parseRunOptions } from '../run-options.ts';
import { toSegment } from '../segments.ts';
import { fromStorage } from '../storage.ts';
import type { WorkspaceRouter } from '../workspace-router.ts';

export interface BootstrapRoutesDeps extends AdminGateDeps {
  readonly desk: OperatorDesk;
  readonly loadStatus: (workspaceId: string) => Promise<BootstrapStatus>;
  /** Time entries of so many days, unless the viewer says otherwise. */
  readonly timeEntryDays: number | undefined;
}

/** Copying the workspace: for admins of the workspace, in their own workspace. */
export function addBootstrapRoutes(
  router: WorkspaceRouter,
  { desk, loadStatus, timeEntryDays, ...gate }: BootstrapRoutesDeps,
): void {
  router.get('/:workspaceId/status', async (ctx) => {
    ctx.body = await fromStorage(loadStatus(ctx.state.claims.workspaceId));
  });

  const change = [requireCurrentAdmin(gate.roles), readJson(16 * kibibyte)] as const;

  router.post('/:workspaceId', ...change, async (ctx) => {
    const { requestId, installation, json } = ctx.state;
    const wanted = parseRunOptions(json, timeEntryDays);
    const origin = { workspaceId: installation.workspaceId, addonId: installation.addonId, requestId };
    const by = ctx.state.claims.user;
    const { jobId, status } = await desk.start(origin, wanted, by);
    ctx.state.log.info({ jobId, status, by }, 'bootstrap requested');
    ctx.body = { job_id: jobId, status };
  });

  for (const verb of operatorVerbs) {
    router.post(`/:workspaceId/${toSegment(verb)}`, ...change, async (ctx) => {
      const { requestId, installation, claims, json } = ctx.state;
      const order = { ...parse(operatorBodySchemas[verb], json ?? {}), by: claims.user };
      const origin = { workspaceId: installation.workspaceId, addonId: installation.addonId, requestId };
      const effect = await desk.give(origin, verb, order);
      ctx.state.log.info({ verb, by: claims.user, reasonGiven: order.reason !== undefined }, 'bootstrap steered');
      ctx.body = { effect };
    });
  }
}
