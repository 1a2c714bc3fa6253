import { readFileSync } from 'node:fs';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createClockifyClient } from '../clockify/client.ts';
import { createActivities } from '../activities/index.ts';
import type { Activities } from '../activities/index.ts';
import { createGateway } from '../activities/clockify-gateway.ts';
import { createInstallationAccess } from '../activities/installation-access.ts';
import { assertEveryReadIsPlanned } from '../domain/bootstrap-plan.ts';
import { parseCatalogue } from '../domain/catalogue.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import { parseManifest } from '../domain/manifest.ts';
import type { Manifest } from '../domain/manifest.ts';
import type { Config } from '../platform/config.ts';
import type { Metrics } from '../platform/metrics.ts';
import { createTokenSeal } from '../platform/token-seal.ts';

/** How long one attempt at a page loop reads before it hands back to its workflow. */
const chunkMs = 20_000;

const readRootFile = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));

/** Reads openapi.json and manifest.json. Throws when one is missing or wrong, or holds a read that nobody planned. */
export function loadDocuments(): { catalogue: Catalogue; manifest: Manifest } {
  const catalogue = parseCatalogue(readRootFile('openapi.json'));
  assertEveryReadIsPlanned([...catalogue.values()]);
  return { catalogue, manifest: parseManifest(readRootFile('manifest.json')) };
}

export interface WorkerParts {
  readonly config: Config;
  readonly orm: MikroORM;
  readonly metrics: Metrics;
  readonly catalogue: Catalogue;
  readonly manifest: Manifest;
}

/** Builds the activities on their connections. */
export function buildActivities({ config, orm, metrics, catalogue, manifest }: WorkerParts): Activities {
  const client = createClockifyClient({
    allowedDomains: config.allowedApiDomains,
    onAnswer: ({ status }) => {
      metrics.apiCalls.inc();
      if (status === null || status >= 400) metrics.apiCallsFailed.inc();
    },
  });
  const gateway = createGateway({
    orm,
    client,
    hourlyLimit: config.rateLimitHourly ?? null,
    onWait: (seconds) => metrics.rateLimitWaitSeconds.inc(seconds),
    onRefusal: () => metrics.rateLimitEvents.inc(),
  });
  const access = createInstallationAccess({ orm, seal: createTokenSeal(config.tokenEncryptionKeys) });
  const requestsPerSecond = config.rateLimitRps;
  return createActivities({
    bootstrap: {
      orm,
      pageSize: config.bootstrapPageSize,
      concurrency: config.bootstrapConcurrency,
      onRunOpened: () => metrics.bootstrapJobs.inc(),
      onRunClosed: (status) => {
        if (status === 'FAILED') metrics.bootstrapJobsFailed.inc();
      },
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
    readPages: {
      orm,
      gateway,
      access,
      catalogue,
      limits: { maxPages: config.bootstrapMaxPages, requestsPerSecond, budgetMs: chunkMs },
    },
  });
}
