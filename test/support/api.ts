import { createSecretKey, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createApp } from '../../src/api/app.ts';
import type { AppDeps } from '../../src/api/app.ts';
import { applyLifecycleCall } from '../../src/api/lifecycle-call.ts';
import { createIngestLimit } from '../../src/api/ingest-limit.ts';
import { createInboxFeed } from '../../src/api/inbox-feed.ts';
import { createLifecycleIntake } from '../../src/api/lifecycle-intake.ts';
import type { LifecycleIntake } from '../../src/api/lifecycle-intake.ts';
import { getActiveInstallation } from '../../src/api/middleware/require-admin.ts';
import { createHttpServer } from '../../src/api/server.ts';
import { createStatusFeed } from '../../src/api/status-feed.ts';
import { parseCatalogue } from '../../src/domain/catalogue.ts';
import { createOperatorTokens } from '../../src/api/operator-tokens.ts';
import { fromStorage } from '../../src/api/storage.ts';
import { createTokenVerifier } from '../../src/clockify/token-verifier.ts';
import { loadBootstrapStatus } from '../../src/db/bootstrap-status.ts';
import { loadChanges } from '../../src/db/inbox-changes.ts';
import { createOrm } from '../../src/db/orm.ts';
import { query } from '../../src/db/sql.ts';
import { buildManifest, parseManifest } from '../../src/domain/manifest.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import type { Metrics } from '../../src/platform/metrics.ts';
import { createSpool } from '../../src/platform/spool.ts';
import { createTokenSeal } from '../../src/platform/token-seal.ts';
import { sendHttp } from './http.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { createTestDatabase } from './postgres.ts';
import { addonKey, createTokenMint } from './token-mint.ts';
import type { TokenMint } from './token-mint.ts';

export interface TestApi {
  readonly url: string;
  readonly mint: TokenMint;
  readonly metrics: Metrics;
  readonly orm: MikroORM;
  readonly intake: LifecycleIntake;
  readonly log: string[];
  send(path: string, request?: HttpRequest): Promise<HttpAnswer>;
  /** Runs SQL as superuser: row-level security does not hide rows. */
  rows(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Everything a request may change, to prove that it changed nothing. */
  snapshot(): Promise<unknown>;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export const readRepositoryFile = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../..', name), 'utf8');

const absent = () => Promise.reject(new Error('not part of this test'));

export interface TestApiOptions {
  readonly mint?: TokenMint;
  /** Puts something between the app and its database; resolves to the URL the app connects to. */
  readonly openDatabase?: (url: string) => Promise<string>;
  readonly deps?: Partial<AppDeps>;
}

/** The app on a free port with a database of its own; Temporal and Clockify are what the test puts in their place. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const { mint = createTokenMint(), openDatabase = (url: string) => Promise.resolve(url) } = options;
  const database = await createTestDatabase();
  const directory = await mkdtemp(join(tmpdir(), 'api-'));
  const orm = createOrm(await openDatabase(database.url));
  const { admin } = database;
  const log: string[] = [];
  const logger = createLogger('debug', { write: (line) => void log.push(line) });
  const metrics = createMetrics();
  const seal = createTokenSeal([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
  const intake = createLifecycleIntake({
    apply: (call) => applyLifecycleCall(orm, call),
    ping: () => query(orm.em.fork(), 'select 1'),
    spool: createSpool(join(directory, 'spool'), seal),
    log: logger,
    onStored: () => {},
  });
  const loadStatus: AppDeps['loadStatus'] = (workspaceId) =>
    loadBootstrapStatus(orm, workspaceId, { limitPerSecond: 48, autoBootstrap: false });
  const statusFeed = createStatusFeed({
    log: logger,
    everyMs: 20,
    async load(ref) {
      await getActiveInstallation(orm, ref);
      return (options.deps?.loadStatus ?? loadStatus)(ref.workspaceId);
    },
  });
  const inboxFeed = createInboxFeed({
    log: logger,
    everyMs: 20,
    async load(ref, since, limit) {
      await getActiveInstallation(orm, ref);
      return fromStorage(loadChanges(orm, ref, since, limit));
    },
  });
  const app = createApp({
    log: logger,
    metrics,
    orm,
    seal,
    intake,
    allowedApiDomains: ['*.clockify.me'],
    timeEntryDays: undefined,
    webhookMaxPayloadBytes: 5 * 1024 * 1024,
    ingestLimit: createIngestLimit(),
    customWebhookSources: [],
    onDeliveries: () => {},
    tokens: createTokenVerifier({ publicKeys: [mint.pem], addonKey }),
    manifest: buildManifest(parseManifest(JSON.parse(readRepositoryFile('manifest.json'))), {
      baseUrl: 'https://studio.example.com',
      key: addonKey,
      webhookLimit: 20,
      readOnly: false,
    }),
    version: '0.0.0',
    uiDirectory: join(directory, 'ui'),
    icon: { path: '/ui/icon.svg', file: join(import.meta.dirname, '../../public/icon.svg') },
    desk: { start: absent, give: absent },
    webhooks: { preview: absent, give: absent },
    roles: { isAdmin: absent },
    loadStatus,
    statusFeed,
    inboxFeed,
    diagnose: absent,
    estimateCost: absent,
    operators: createOperatorTokens(null),
    catalogue: parseCatalogue(JSON.parse(readRepositoryFile('openapi.json'))),
    readiness: absent,
    ...options.deps,
  });
  const handle = app.callback();
  const http = createHttpServer((request, response) => void handle(request, response));
  await once(http.server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`;
  const rows: TestApi['rows'] = async (sql, parameters = []) =>
    (await admin.query<Record<string, unknown>>(sql, [...parameters])).rows;

  return {
    url,
    mint,
    metrics,
    orm,
    intake,
    log,
    rows,
    send: (path, request) => sendHttp(url + path, request),
    snapshot: async () => [
      await rows('select * from installations order by workspace_id, addon_id'),
      await rows('select * from webhook_registrations order by workspace_id, addon_id, path'),
      await rows('select * from outbox order by id'),
      await rows('select * from webhook_events order by workspace_id, addon_id, id'),
      await rows('select * from early_webhooks order by workspace_id, addon_id, received_at'),
      await rows('select count(*) from bootstrap_jobs'),
      await rows('select count(*) from workspace_data'),
    ],
    async reset() {
      await admin.query(
        'truncate installations, webhook_registrations, webhook_events, early_webhooks, outbox restart identity',
      );
      log.length = 0;
    },
    async stop() {
      await Promise.all([statusFeed.close(), inboxFeed.close()]);
      await http.close();
      await orm.close(true);
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
