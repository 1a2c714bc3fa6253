import type { InstallationRef } from '../../domain/contract.ts';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import { fromStorage } from '../storage.ts';
import type { WorkspaceRouter } from '../workspace-router.ts';

export interface DiagnosisRoutesDeps {
  /** Tests an installation now, and stores what it found. */
  readonly diagnose: (ref: InstallationRef) => Promise<Diagnosis>;
}

/**
 * The self-test of an installation, for admins of the workspace. It only reads, and it is needed most while Clockify
 * refuses us: so Clockify is not asked whether the viewer still is an admin.
 */
export function addDiagnosisRoutes(router: WorkspaceRouter, { diagnose }: DiagnosisRoutesDeps): void {
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
}
