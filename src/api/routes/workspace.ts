import Router from '@koa/router';
import { requireAdmin, requireOwnWorkspace } from '../middleware/require-admin.ts';
import type { WorkspaceRouter } from '../workspace-router.ts';
import { addBootstrapRoutes } from './bootstrap.ts';
import type { BootstrapRoutesDeps } from './bootstrap.ts';
import { addCoverageRoutes } from './coverage.ts';
import type { CoverageRoutesDeps } from './coverage.ts';
import { addDiagnosisRoutes } from './diagnosis.ts';
import type { DiagnosisRoutesDeps } from './diagnosis.ts';
import { addEstimateRoutes } from './estimate.ts';
import type { EstimateRoutesDeps } from './estimate.ts';
import { addOperatorActionsRoute } from './operator-actions.ts';
import { addStatusStreamRoute } from './status-stream.ts';
import type { StatusStreamDeps } from './status-stream.ts';

export interface WorkspaceRoutesDeps
  extends BootstrapRoutesDeps, CoverageRoutesDeps, DiagnosisRoutesDeps, EstimateRoutesDeps, StatusStreamDeps {}

/** Everything the sidebar asks for, behind one gate: admins of the workspace, in their own workspace. */
export function workspaceRoutes(deps: WorkspaceRoutesDeps): WorkspaceRouter {
  const router: WorkspaceRouter = new Router({ prefix: '/bootstrap', strict: true, sensitive: true });
  router.use(...requireAdmin(deps));
  router.param('workspaceId', requireOwnWorkspace);
  addBootstrapRoutes(router, deps);
  addCoverageRoutes(router, deps);
  addDiagnosisRoutes(router, deps);
  addEstimateRoutes(router, deps);
  addOperatorActionsRoute(router, deps);
  addStatusStreamRoute(router, deps);
  return router;
}
