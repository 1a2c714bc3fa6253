import { readFileSync } from 'node:fs';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createActivities } from '../activities/index.ts';
import type { Activities } from '../activities/index.ts';
import type { Gateway } from '../activities/clockify-gateway.ts';
import type { DrainDeps } from '../activities/drain-round.ts';
import { createInstallationAccess } from '../activities/installation-access.ts';
import { createRefetch } from '../activities/refetch.ts';
import { assertEveryReadIsPlanned } from '../domain/bootstrap-plan.ts';
import { parseCatalogue } from '../domain/catalogue.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import { buildManifest, mayRegisterWebhooks, parseManifest } from '../domain/manifest.ts';
import type { Manifest } from '../domain/manifest.ts';
import type { ProbeSchedule } from '../domain/removal.ts';
import type { Config } from '../platform/config.ts';
import type { Metrics } from '../platform/metrics.ts';
import { createTokenSeal } from '../platform/token-seal.ts';

/** How long one attempt at a page loop or a mailbox goes on before it hands back to its workflow. */
const chunkMs = 20_000;

/**
 * Reads openapi.json and manifest.json from the project's root. Throws when one is missing or wrong, or when the
 * description holds a read that nobody planned.
 */
export function loadDocuments(root: URL): { catalogue: Catalogue; manifest: Manifest } {
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, root), 'utf8'));
  const catalogue = parseCatalogue(read('openapi.json'));
  assertEveryReadIsPlanned([...catalogue.values()]);
  return { catalogue, manifest: parseManifest(read('manifest.json')) };
}

export interface WorkerParts {
  readonly config: Config;
  readonly orm: MikroORM;
  /** For statements over all rows of a workspace: a dead connection is noticed later on it. */
  readonly patientOrm: MikroORM;
  readonly metrics: Metrics;
  readonly gateway: Gateway;
  readonly catalogue: Catalogue;
  readonly manifest: Manifest;
  /** When the token of a doubted installation is tried. */
  readonly schedule: ProbeSchedule;
}

/** Builds the activities on their connections. */
export function buildActivities(parts: WorkerParts): Activities {
  const { config, orm, patientOrm, metrics, gateway, catalogue, manifest, schedule } = parts;
  const access = createInstallationAccess({ orm, seal: createTokenSeal(config.tokenEncryptionKeys) });
  const requestsPerSecond = config.rateLimitRps;
  const ownManifest = buildManifest(manifest, { ...config, key: config.addonKey });
  const limits = { maxPages: config.bootstrapMaxPages, requestsPerSecond };
  const pageSize = config.bootstrapPageSize;
  const refetch = createRefetch({ orm, gateway, access, catalogue, limits: { ...limits, pageSize } });
  return createActivities({
    bootstrap: {
      orm,
      patientOrm,
      pageSize,
      concurrency: config.bootstrapConcurrency,
      onRunOpened: () => metrics.bootstrapJobs.inc(),
      onRunClosed: (status) => {
        metrics.bootstrapRunsEnded.inc({ status });
        if (status === 'FAILED') metrics.bootstrapJobsFailed.inc();
      },
      onIncomplete: () => metrics.incompleteEntities.inc(),
    },
    diagnosis: {
      orm,
      gateway,
      access,
      catalogue,
      manifest: ownManifest,
      requestsPerSecond,
    },
    installation: {
      orm,
      gateway,
      access,
      requestsPerSecond,
      manifest,
      autoBootstrap: config.autoBootstrapOnInstall,
      timeEntryDays: config.timeEntryDays ?? null,
    },
    mailbox: {
      orm,
      gateway,
      access,
      refetch,
      requestsPerSecond,
      budgetMs: chunkMs,
      onProcessed: countDeliveries(metrics),
    },
    readPages: {
      orm,
      gateway,
      access,
      catalogue,
      limits: { ...limits, budgetMs: chunkMs },
    },
    webhooks: {
      orm,
      gateway,
      access,
      requestsPerSecond,
      baseUrl: config.baseUrl,
      mayWrite: mayRegisterWebhooks(ownManifest),
    },
    refresh: {
      orm,
      gateway,
      access,
      refetch,
      requestsPerSecond,
      baseUrl: config.baseUrl,
      hourlyLimit: config.rateLimitHourly ?? null,
    },
    retention: {
      orm: patientOrm,
      days: config.webhookRetentionDays,
      onPurged: (count) => metrics.deliveriesPurged.inc(count),
    },
    uninstall: {
      orm: patientOrm,
      gateway,
      access,
      requestsPerSecond,
      schedule,
      purgeAfterMs: config.uninstallPurgeAfter,
      onFalseAlarm: () => metrics.falseAlarms.inc(),
    },
  });
}

/** What became of each delivery, and how long that took. */
export function countDeliveries(metrics: Metrics): NonNullable<DrainDeps['onProcessed']> {
  return (outcome, seconds) => {
    metrics.deliveriesProcessed.inc({ outcome });
    if (outcome === 'parked') metrics.deliveriesParked.inc();
    if (seconds !== null) metrics.deliveryLag.observe(seconds);
  };
}
