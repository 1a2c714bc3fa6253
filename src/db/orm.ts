import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { MikroORM } from '@mikro-orm/postgresql';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { BootstrapEndpoint, BootstrapJob, BootstrapLoop, BootstrapPage } from './bootstrap.entity.ts';
import { ChangeFeedState } from './change-feed-state.entity.ts';
import { EarlyWebhook } from './early-webhook.entity.ts';
import { EntityVersion } from './entity-version.entity.ts';
import { Installation } from './installation.entity.ts';
import { Mailbox } from './mailbox.entity.ts';
import { OperatorAction } from './operator-action.entity.ts';
import { OutboxMessage } from './outbox-message.entity.ts';
import { RateLimit } from './rate-limit.entity.ts';
import { Receiver } from './receiver.entity.ts';
import { RefreshMark } from './refresh-mark.entity.ts';
import { RefreshState } from './refresh-state.entity.ts';
import { Tombstone } from './tombstone.entity.ts';
import { WebhookEvent } from './webhook-event.entity.ts';
import { WebhookEventState } from './webhook-event-state.entity.ts';
import { WebhookRegistration } from './webhook-registration.entity.ts';
import { WorkspaceData } from './workspace-data.entity.ts';

const tenantEntities = [
  Installation,
  WebhookRegistration,
  WebhookEventState,
  ChangeFeedState,
  WebhookEvent,
  EarlyWebhook,
  BootstrapJob,
  BootstrapEndpoint,
  BootstrapLoop,
  BootstrapPage,
  WorkspaceData,
  EntityVersion,
  RateLimit,
  RefreshMark,
  RefreshState,
  OperatorAction,
] as const;

/** For work over all rows of a large workspace at once, which nobody waits for. */
export const patientStatementMs = 60_000;

/**
 * Opens the pool lazily: a database that is away fails the first query, not the start. No statement may take longer
 * than `longestStatementMs`, so a connection on which the database is silent for a third longer is given up.
 */
export function createOrm(
  databaseUrl: string,
  { longestStatementMs = 10_000 }: { readonly longestStatementMs?: number } = {},
): MikroORM {
  const longestSilenceMs = longestStatementMs * 1.3;
  return new MikroORM({
    clientUrl: databaseUrl,
    entities: [...tenantEntities, OutboxMessage, Mailbox, Receiver, Tombstone],
    extensions: [Migrator],
    migrations: {
      path: fileURLToPath(new URL('migrations', import.meta.url)),
      glob: '*.ts',
      snapshot: false,
      silent: true,
    },
    schemaGenerator: { ignoreRoutines: true, ignoreTriggers: true }, // written by hand in their migrations
    pool: { min: 0, max: 20, idleTimeoutMillis: 10_000 },
    forceUtcTimezone: true,
    driverOptions: {
      connectionTimeoutMillis: 5_000,
      statement_timeout: longestStatementMs,
      lock_timeout: 10_000,
      idle_in_transaction_session_timeout: longestStatementMs * 3,
      keepAlive: true,
      onConnect: ({ connection: { stream } }: PostgresClient) => {
        stream.setTimeout(longestSilenceMs, () => stream.destroy(new Error('Connection terminated: silence')));
      },
      application_name: 'clockify-api-studio',
    },
  });
}

/** The driver's client; its types leave the connection out. */
interface PostgresClient {
  readonly connection: { readonly stream: Socket };
}

/** Runs `work` in one transaction that sees only this workspace's rows. */
export function withWorkspace<T>(
  orm: MikroORM,
  workspaceId: string,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  return orm.em.fork({ session: { variables: { 'app.workspace_id': workspaceId } } }).transactional(work);
}
