import type { MikroORM } from '@mikro-orm/postgresql';
import type { BudgetStatus } from '../domain/bootstrap-status.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import { loadBudget } from './budget.ts';
import { Installation } from './installation.entity.ts';
import { withWorkspace } from './orm.ts';
import { WebhookRegistration } from './webhook-registration.entity.ts';

/** What limits the copy: the request budget, and the webhooks whose tokens the installation brought. */
export function loadLimits(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  limitPerSecond: number,
): Promise<{ budget: BudgetStatus; registeredWebhooks: number }> {
  return withWorkspace(orm, workspaceId, async (em) => ({
    budget: await loadBudget(em, workspaceId, limitPerSecond),
    registeredWebhooks: await em.count(WebhookRegistration, { workspaceId, addonId, kind: 'manifest' }),
  }));
}

/** Keeps the newest self-test, and the plan it found: a refusal for lack of budget is understood by the plan. */
export async function saveDiagnosis(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  { diagnosis, plan }: { readonly diagnosis: Diagnosis; readonly plan: string | null },
): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    em.nativeUpdate(Installation, { workspaceId, addonId }, { diagnosis, ...(plan !== null && { plan }) }),
  );
}
