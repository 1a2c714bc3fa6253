import { createBootstrapActivities } from './bootstrap.ts';
import type { BootstrapDeps } from './bootstrap.ts';
import { createDiagnosisActivities } from './diagnosis.ts';
import type { SelfTestDeps } from './diagnosis.ts';
import { createDrainMailbox } from './drain-mailbox.ts';
import type { DrainDeps } from './drain-round.ts';
import { forgetExecutions } from './executions.ts';
import { createInstallationActivities } from './installation.ts';
import type { InstallationDeps } from './installation.ts';
import { createReadPages } from './read-pages.ts';
import type { ReadPagesDeps } from './page-step.ts';
import { createRefreshActivities } from './refresh.ts';
import type { RefreshDeps } from './refresh.ts';
import { scheduleRefresh, unscheduleRefresh } from './refresh-schedule.ts';
import { createRetentionActivities } from './retention.ts';
import type { RetentionDeps } from './retention.ts';
import { createUninstallActivities } from './uninstall.ts';
import type { UninstallDeps } from './uninstall.ts';
import type { RegistrarDeps } from './webhook-registrar.ts';
import { createWebhookActivities } from './webhooks.ts';

export interface ActivityDeps {
  readonly bootstrap: BootstrapDeps;
  readonly diagnosis: SelfTestDeps;
  readonly installation: InstallationDeps;
  readonly mailbox: DrainDeps;
  readonly readPages: ReadPagesDeps;
  readonly refresh: RefreshDeps;
  readonly retention: RetentionDeps;
  readonly uninstall: UninstallDeps;
  readonly webhooks: RegistrarDeps;
}

/** All activities, as Temporal loads them. */
export const createActivities = (deps: ActivityDeps) => ({
  ...createBootstrapActivities(deps.bootstrap),
  ...createDiagnosisActivities(deps.diagnosis),
  ...createInstallationActivities(deps.installation),
  drainMailbox: createDrainMailbox(deps.mailbox),
  readPages: createReadPages(deps.readPages),
  ...createRefreshActivities(deps.refresh),
  ...createRetentionActivities(deps.retention),
  ...createUninstallActivities(deps.uninstall),
  ...createWebhookActivities(deps.webhooks),
  forgetExecutions,
  scheduleRefresh,
  unscheduleRefresh,
});

export type Activities = ReturnType<typeof createActivities>;
