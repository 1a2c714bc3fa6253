import type { MikroORM } from '@mikro-orm/postgresql';
import { measureClockSkew } from '../db/clock.ts';
import { loadCoverage } from '../db/coverage.ts';
import { loadLimits, saveDiagnosis } from '../db/diagnosis.ts';
import { loadLastDeliveries } from '../db/last-deliveries.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { diagnose } from '../domain/diagnose.ts';
import { isFreePlan } from '../domain/diagnose-workspace.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Probe, ProbeOutcome } from '../domain/diagnosis-facts.ts';
import type { Manifest } from '../domain/manifest.ts';
import { planProbes } from '../domain/probe-plan.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import { eventsBySchemaVersion } from '../domain/webhook-events.ts';
import type { Gateway } from './clockify-gateway.ts';
import type { InstallationAccess } from './installation-access.ts';
import { readId, readWorkspaceFacts } from './probe-answers.ts';
import { createProbe } from './probe.ts';
import type { RunProbe } from './probe.ts';
import { inspectWebhooks } from './webhook-inspection.ts';

export interface SelfTestDeps {
  readonly orm: MikroORM;
  readonly gateway: Gateway;
  readonly access: InstallationAccess;
  readonly catalogue: Catalogue;
  /** As this deployment serves it. */
  readonly manifest: Manifest;
  readonly requestsPerSecond: number;
}

interface SelfTestOptions {
  /** On a FREE workspace, which may have 30 requests an hour, one is used and the others are left to the copy. */
  readonly sparesQuota: boolean;
}

export type SelfTest = (ref: InstallationRef, options: SelfTestOptions) => Promise<Diagnosis>;

/** A test that takes longer ends with what it has. */
const longestTestMs = 30_000;

/** Tests an installation with at most twenty-two reads, one after the other, and stores what it found. */
export function createSelfTest(deps: SelfTestDeps): SelfTest {
  return async (ref, { sparesQuota }) => {
    const access = await deps.access.open(ref);
    const { apiUrl, reportsUrl = null, ownerUserId } = access.installation;
    const signal = AbortSignal.timeout(longestTestMs);
    const runProbe = createProbe(deps, access, signal);
    const { outcome: workspace, answer } = await runProbe('workspace');
    const { plan, features } = readWorkspaceFacts(answer?.body);
    const planned = planProbes(deps.catalogue, deps.manifest.scopes ?? [], features).filter(
      ({ base }) => base === 'api' || reportsUrl !== null,
    );
    const isSpared = sparesQuota && isFreePlan(plan);
    const probes = isSpared ? null : await runProbes(runProbe, planned, { workspace, ownerUserId });
    const { budget, registeredWebhooks } = await loadLimits(deps.orm, ref, deps.requestsPerSecond);
    const { schemaVersion, webhooks, baseUrl } = deps.manifest;
    const mayAsk = !isSpared && talking.includes(workspace);
    const logged = mayAsk ? await inspectWebhooks({ ...deps, baseUrl }, access, signal) : [];
    const checks = diagnose({
      hosts: { apiUrl, reportsUrl },
      workspace,
      plan,
      features,
      probes,
      budget,
      webhooks: {
        known: eventsBySchemaVersion[schemaVersion].length,
        declared: webhooks.length,
        registered: registeredWebhooks,
        events: (await loadCoverage(deps.orm, ref)).events,
        received: await loadLastDeliveries(deps.orm, ref),
        logged,
      },
      clocks: {
        aheadOfDatabaseMs: await measureClockSkew(deps.orm),
        clockifyAheadMs: answer?.clockSkewMs ?? null,
      },
    });
    const diagnosis = { checkedAt: new Date().toISOString(), checks };
    await saveDiagnosis(deps.orm, ref, { diagnosis, plan });
    return diagnosis;
  };
}

/** After these answers to the first request others are worth sending. */
const talking: readonly ProbeOutcome[] = ['ok', 'clockify_access_closed', 'clockify_feature_gated'];

async function runProbes(
  runProbe: RunProbe,
  planned: readonly Omit<Probe, 'outcome'>[],
  { workspace, ownerUserId }: { readonly workspace: ProbeOutcome; readonly ownerUserId: string },
): Promise<Probe[]> {
  const parents = new Map([['users', ownerUserId]]);
  const probes: Probe[] = [];
  for (const probe of planned) {
    const { parent } = getReadingRule(probe.entity);
    const parentId = parent === undefined ? null : parents.get(parent.entity);
    if (probe.entity === 'workspace') probes.push({ ...probe, outcome: workspace });
    else if (!talking.includes(workspace) || parentId === undefined) probes.push({ ...probe, outcome: 'not_tried' });
    else {
      const { outcome, answer } = await runProbe(probe.entity, parentId);
      probes.push({ ...probe, outcome });
      const id = readId(answer?.body);
      if (id !== null) parents.set(probe.entity, id);
    }
  }
  return probes;
}

export function createDiagnosisActivities(deps: SelfTestDeps) {
  const selfTest = createSelfTest(deps);
  return {
    /** The self-test that follows an install; what it finds is stored. */
    async diagnoseInstallation(ref: InstallationRef): Promise<void> {
      await selfTest(ref, { sparesQuota: true });
    },
  };
}
