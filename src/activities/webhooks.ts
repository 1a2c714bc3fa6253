import { loadCoverage } from '../db/coverage.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { describeCoverage } from '../domain/coverage.ts';
import { AddonError } from '../domain/errors.ts';
import { probeChangeFeeds } from './change-feed-probe.ts';
import { createWebhookRegistrar } from './webhook-registrar.ts';
import type { RegistrarDeps } from './webhook-registrar.ts';

export function createWebhookActivities(deps: RegistrarDeps) {
  const registrar = createWebhookRegistrar(deps);
  return {
    /**
     * Makes the webhooks that are missing, notices those that were switched off, asks the feeds of changes that nobody
     * asked yet, and answers in Markdown how changes of each kind reach the copy. To be repeated every hour or so; what
     * Clockify refuses is recorded and no failure.
     */
    async checkWebhooks(ref: InstallationRef): Promise<string> {
      try {
        await registrar.register(ref);
        await probeChangeFeeds(deps, ref);
      } catch (error) {
        // It was switched off or removed meanwhile.
        if (!(error instanceof AddonError)) throw error;
      }
      return describeCoverage((await loadCoverage(deps.orm, ref)).entities);
    },
  };
}
