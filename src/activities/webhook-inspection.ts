import type { MikroORM } from '@mikro-orm/postgresql';
import { loadCoverage, saveEventFindings } from '../db/coverage.ts';
import { listHeldWebhooks } from '../db/registered-webhooks.ts';
import type { LoggedDelivery } from '../domain/diagnosis-facts.ts';
import { planWebhooks } from '../domain/webhook-plan.ts';
import type { KeptHook, ListedHook } from '../domain/webhook-plan.ts';
import { hasAnswered } from '../domain/webhook-states.ts';
import type { Access } from './installation-access.ts';
import { createWebhookFamily } from './webhook-family.ts';
import type { FamilyDeps, WebhookFamily } from './webhook-family.ts';
import { attempt } from './webhook-jobs.ts';
import { describeKept } from './webhook-work.ts';

export interface InspectionDeps extends FamilyDeps {
  readonly orm: MikroORM;
  readonly baseUrl: string;
}

/** The logs of so many webhooks are read, of the most valuable events. */
const mostLogs = 3;
const logWindowMs = 7 * 86_400_000;

/**
 * Looks at the webhooks of an installation without changing any: which are switched off, which are gone, and how the
 * newest deliveries ended by Clockify's own log. Empty where Clockify opens neither.
 */
export async function inspectWebhooks(
  deps: InspectionDeps,
  access: Access,
  signal: AbortSignal,
): Promise<LoggedDelivery[]> {
  const { orm, baseUrl } = deps;
  const { workspaceId, addonId } = access.installation;
  const ref = { workspaceId, addonId };
  const { events } = await loadCoverage(orm, ref);
  if (!hasAnswered(events)) return [];
  const family = createWebhookFamily(deps, access, { signal, firstPauseMs: 100 });
  let hooks: ListedHook[] | null = null;
  await attempt(signal, async () => void (hooks = await family.list()));
  if (hooks === null) return [];
  const held = await listHeldWebhooks(orm, ref);
  const { keep, add } = planWebhooks({ baseUrl, ref, hooks, held });
  const gone = add.filter((event) => held.some((one) => one.event === event));
  await saveEventFindings(orm, ref, [
    ...keep.map(describeKept),
    ...gone.map((event) => ({ event, state: 'failed', reason: 'Clockify no longer has the webhook.' }) as const),
  ]);
  return readLogs(family, keep, signal);
}

async function readLogs(
  family: WebhookFamily,
  kept: readonly KeptHook[],
  signal: AbortSignal,
): Promise<LoggedDelivery[]> {
  const logged: LoggedDelivery[] = [];
  const from = new Date(Date.now() - logWindowMs);
  for (const { event, webhookId } of kept.filter((hook) => hook.webhookId !== null).slice(0, mostLogs)) {
    const refusal = await attempt(signal, async () => {
      const search = { from, to: new Date(), status: 'ALL', page: 0 } as const;
      const [newest] = (await family.readLog(webhookId ?? '', search)).attempts;
      if (newest === undefined || newest.respondedAt === null) return;
      logged.push({ event, answeredAt: newest.respondedAt, statusCode: newest.statusCode });
    });
    if (refusal !== null) break;
  }
  return logged;
}
