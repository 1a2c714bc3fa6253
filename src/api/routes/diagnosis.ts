import Router from '@koa/router';
import type { InstallationRef } from '../../domain/contract.ts';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import { requireAdmin, requireOwnWorkspace } from '../middleware/require-admin.ts';
import type { AdminGateDeps, ViewerState } from '../middleware/require-admin.ts';
import { fromStorage } from '../storage.ts';

export interface DiagnosisRoutesDeps extends AdminGateDeps {
  /** Tests an installation now, and stores what it found. */
  readonly diagnose: (ref: InstallationRef) => Promise<Diagnosis>;
}

/**
 * The self-test of an installation, for admins of the workspace. It only reads, and it is needed most while Clockify
 * refuses us: so Clockify is not asked whether the viewer still is an admin.
 */
export function diagnosisRoutes({ diagnose, ...gate }: DiagnosisRoutesDeps): Router<ViewerState> {
  const router = new Router<ViewerState>({ prefix: '/bootstrap', strict: true, sensitive: true });
  router.use(...requireAdmin(gate));
  router.param('workspaceId', requireOwnWorkspace);

  router.get('/:workspaceId/diagnosis', (ctx) => {
    ctx.body = { diagnosis: ctx.state.installation.diagnosis ?? null };
  });

  router.post('/:workspaceId/diagnosis', async (ctx) => {
    const { workspaceId, addonId } = ctx.state.installation;
    const diagnosis = await fromStorage(diagnose({ workspaceId, addonId }));
    const failed = diagnosis.checks.filter(({ state }) => state === 'failed').map(({ check }) => check);
    ctx.state.log.info({ failed, by: ctx.state.claims.user }, 'self-test run');
    ctx.body = { diagnosis };
  });

  return router;
}
