import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { MikroORM } from '@mikro-orm/postgresql';
import type Koa from 'koa';
import type { Gateway } from '../activities/clockify-gateway.ts';
import { createCostEstimate } from '../activities/cost-estimate.ts';
import { createSelfTest } from '../activities/diagnosis.ts';
import { createInstallationAccess } from '../activities/installation-access.ts';
import { createMeteredGateway } from '../activities/metered-gateway.ts';
import { createWebhookRegistrar } from '../activities/webhook-registrar.ts';
import { createJwksSource } from '../clockify/jwks.ts';
import { createTokenVerifier } from '../clockify/token-verifier.ts';
import { loadBootstrapStatus } from '../db/bootstrap-status.ts';
import { measureClockSkew } from '../db/clock.ts';
import { loadChanges } from '../db/inbox-changes.ts';
import { noteAlive } from '../db/receiver.ts';
import { claimSleeping, countWaitingDeliveries, releaseMailbox } from '../db/mailboxes.ts';
import { createOrm } from '../db/orm.ts';
import { countOutboxMessages, deliverOutbox } from '../db/outbox.ts';
import { query } from '../db/sql.ts';
import { parseCatalogue } from '../domain/catalogue.ts';
import { buildManifest, mayRegisterWebhooks, parseManifest } from '../domain/manifest.ts';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import type { Metrics } from '../platform/metrics.ts';
import { createSpool } from '../platform/spool.ts';
import { createTokenSeal } from '../platform/token-seal.ts';
import { createApp } from './app.ts';
import { createBootstrapRuns } from './bootstrap-runs.ts';
import { createClockWatch } from './clock-watch.ts';
import type { ClockWatch } from './clock-watch.ts';
import { createClockifyReader } from './clockify-calls.ts';
import { applyLifecycleCall } from './lifecycle-call.ts';
import { createIngestLimit } from './ingest-limit.ts';
import { createInboxFeed } from './inbox-feed.ts';
import type { InboxFeed } from './inbox-feed.ts';
import { createLifecycleIntake } from './lifecycle-intake.ts';
import { createPresence } from './presence.ts';
import type { Poller } from './poller.ts';
import { createMailboxRelay, createMailboxWaker } from './mailbox-relay.ts';
import type { MailboxRelay } from './mailbox-relay.ts';
import { createOperatorDesk } from './operator-desk.ts';
import { createOperatorTokens } from './operator-tokens.ts';
import { createOutboxRelay } from './outbox-relay.ts';
import type { OutboxRelay } from './outbox-relay.ts';
import { getActiveInstallation } from './middleware/require-admin.ts';
import { createReadiness } from './readiness.ts';
import type { RequestState } from './state.ts';
import { createStatusFeed } from './status-feed.ts';
import type { StatusFeed } from './status-feed.ts';
import { createTemporalClient } from './temporal.ts';
import { fromStorage } from './storage.ts';
import { createViewerRoles } from './viewer-roles.ts';
import { createWebhookDesk } from './webhook-desk.ts';
import { createWorkflowStarter } from './workflow-starter.ts';

export interface Connections {
  readonly orm: MikroORM;
  readonly temporal: Client;
  readonly closeGateway: () => Promise<void>;
  readonly gateway: Gateway;
}

/** Clients that connect with their first use: the API starts, and takes lifecycle calls, while the others are away. */
export function createConnections(config: Config, metrics: Metrics): Connections {
  const orm = createOrm(config.databaseUrl);
  return {
    orm,
    temporal: createTemporalClient({ address: config.temporalAddress, namespace: config.temporalNamespace }),
    ...createMeteredGateway(config, metrics, orm),
  };
}

export interface Composition {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly connections: Connections;
}

export interface ComposedApi {
  readonly app: Koa<RequestState>;
  /** Brings to Temporal what the app has stored. */
  readonly relay: OutboxRelay;
  /** Has the deliveries processed that the app has stored. */
  readonly mailboxRelay: MailboxRelay;
  /** Answers that go on for minutes: closed before the server, which waits for its answers. */
  readonly statusFeed: StatusFeed;
  readonly inboxFeed: InboxFeed;
  readonly clockWatch: ClockWatch;
  readonly presence: Poller;
}

/** Builds the app, and what runs beside it. */
export function composeApi({ config, log, metrics, connections }: Composition): ComposedApi {
  const { orm, temporal, gateway } = connections;
  const seal = createTokenSeal(config.tokenEncryptionKeys);
  const spool = createSpool(config.spoolDirectory, seal);
  metrics.queueDepth.sampleFrom({
    outbox: () => countOutboxMessages(orm),
    spool: async () => (await spool.entries()).length,
  });
  const intake = createLifecycleIntake({
    apply: (call) => applyLifecycleCall(orm, call),
    ping: () => query(orm.em.fork(), 'select 1'),
    spool,
    log,
    onStored: () => relay.wake(),
  });
  const deliver = createWorkflowStarter(temporal);
  const relay = createOutboxRelay({ deliver: () => deliverOutbox(orm, deliver), prepare: intake.drain, log });
  metrics.mailboxDepth.sampleFrom({ waiting: () => countWaitingDeliveries(orm) });
  const mailboxRelay = createMailboxRelay({
    claim: () => claimSleeping(orm),
    wake: createMailboxWaker(temporal),
    release: (ref) => releaseMailbox(orm, ref),
    log,
  });
  const loadStatus = (workspaceId: string) =>
    loadBootstrapStatus(orm, workspaceId, {
      limitPerSecond: config.rateLimitRps,
      hourlyLimit: config.rateLimitHourly ?? null,
      autoBootstrap: config.autoBootstrapOnInstall,
    });
  const statusFeed = createStatusFeed({
    log,
    async load(ref) {
      await getActiveInstallation(orm, ref);
      return fromStorage(loadStatus(ref.workspaceId));
    },
  });
  const inboxFeed = createInboxFeed({
    log,
    async load(ref, since, limit) {
      await getActiveInstallation(orm, ref);
      return fromStorage(loadChanges(orm, ref, since, limit));
    },
  });
  const manifest = loadManifest(config);
  const calling = {
    orm,
    gateway,
    access: createInstallationAccess({ orm, seal }),
    catalogue: parseCatalogue(readJsonFile('openapi.json')),
    requestsPerSecond: config.rateLimitRps,
  };
  const selfTest = createSelfTest({ ...calling, manifest });
  const mayWrite = mayRegisterWebhooks(manifest);
  const registrar = createWebhookRegistrar({ ...calling, baseUrl: config.baseUrl, mayWrite });
  const app = createApp({
    log,
    metrics,
    orm,
    seal,
    intake,
    allowedApiDomains: config.allowedApiDomains,
    timeEntryDays: config.timeEntryDays,
    webhookMaxPayloadBytes: config.webhookMaxPayloadBytes,
    ingestLimit: createIngestLimit(),
    customWebhookSources: config.customWebhookSources,
    onDeliveries: mailboxRelay.onDeliveries,
    tokens: createVerifier(config, log),
    manifest,
    version: readVersion(),
    uiDirectory: join(root, 'dist/ui'),
    icon: { path: '/ui/icon.svg', file: join(root, 'public/icon.svg') },
    desk: createOperatorDesk({ orm, runs: createBootstrapRuns(temporal) }),
    webhooks: createWebhookDesk({ orm, registrar }),
    roles: createViewerRoles({ read: createClockifyReader(gateway, config.rateLimitRps), seal }),
    loadStatus,
    estimateCost: createCostEstimate({
      ...calling,
      hourlyLimit: config.rateLimitHourly ?? null,
      pageSize: config.bootstrapPageSize,
      maxPages: config.bootstrapMaxPages,
      longestMs: longestEstimateMs,
    }),
    diagnose: (ref) => selfTest(ref, { sparesQuota: false }),
    statusFeed,
    inboxFeed,
    operators: createOperatorTokens(readOperatorOptions(config)),
    catalogue: calling.catalogue,
    readiness: createReadiness({ orm, temporal }),
  });
  const clockWatch = createClockWatch({ measure: () => measureClockSkew(orm), log });
  const presence = createPresence({ note: () => noteAlive(orm), log });
  return { app, relay, mailboxRelay, statusFeed, inboxFeed, clockWatch, presence };
}

/** The three settings come together or not at all. */
function readOperatorOptions({ operatorJwksUrl, operatorIssuer, operatorAudience }: Config) {
  if (operatorJwksUrl === undefined || operatorIssuer === undefined || operatorAudience === undefined) return null;
  return { jwksUrl: operatorJwksUrl, issuer: operatorIssuer, audiences: operatorAudience };
}

function createVerifier({ publicKeys, addonKey, jwksUrl }: Config, log: Logger) {
  const onFailure = (error: unknown): void => log.error({ err: error }, 'key set not loaded');
  return createTokenVerifier({
    publicKeys,
    addonKey,
    ...(jwksUrl !== undefined && { loadMoreKeys: createJwksSource({ url: jwksUrl, onFailure }) }),
  });
}

/** An answer within ten seconds, with the reading of the viewer's role before it. */
const longestEstimateMs = 8_000;

const root = join(import.meta.dirname, '../..');
const readJsonFile = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));

/** The manifest is also the list of our settings: without it nothing may start. */
function loadManifest(config: Config) {
  return buildManifest(parseManifest(readJsonFile('manifest.json')), { ...config, key: config.addonKey });
}

const readVersion = (): string => (readJsonFile('package.json') as { version: string }).version;
