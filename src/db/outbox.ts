import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import type { LifecycleEvent, OutboxPayload } from './outbox-message.entity.ts';
import { query } from './sql.ts';

export interface NewOutboxMessage extends InstallationRef {
  readonly event: LifecycleEvent;
  readonly payload: OutboxPayload;
}

export interface PendingMessage extends NewOutboxMessage {
  readonly id: string;
}

export interface DeliveryResult {
  readonly delivered: number;
  /** One for each message that stays and will be tried again. */
  readonly failures: readonly { readonly message: PendingMessage; readonly error: unknown }[];
}

/** Writes a message in the transaction of the rows it tells about. */
export async function addOutboxMessage(em: EntityManager, message: NewOutboxMessage): Promise<void> {
  await query(
    em,
    'insert into outbox (workspace_id, addon_id, event, payload, created_at) values ($1, $2, $3, $4::jsonb, clock_timestamp())',
    [message.workspaceId, message.addonId, message.event, JSON.stringify(message.payload)],
  );
}

/**
 * Hands the oldest message of each installation to `deliver`, at most `limit` of them, and deletes what was delivered.
 * A message may be delivered twice: the process can die between the two. Several processes may call this at once.
 */
export function deliverOutbox(
  orm: MikroORM,
  deliver: (message: PendingMessage) => Promise<void>,
  limit = 20,
): Promise<DeliveryResult> {
  return orm.em.fork().transactional(async (em) => {
    const messages = await query<PendingMessage>(
      em,
      `select id, workspace_id as "workspaceId", addon_id as "addonId", event, payload from outbox o
       where not exists (
         select from outbox older
         where older.workspace_id = o.workspace_id and older.addon_id = o.addon_id and older.id < o.id)
       order by id limit $1 for update skip locked`,
      [limit],
    );
    const outcomes = await Promise.allSettled(messages.map(deliver));
    const failures = messages.flatMap((message, index) => {
      const outcome = outcomes[index];
      return outcome?.status === 'rejected' ? [{ message, error: outcome.reason as unknown }] : [];
    });
    const failed = new Set(failures.map(({ message }) => message.id));
    const delivered = messages.filter(({ id }) => !failed.has(id)).map(({ id }) => id);
    if (delivered.length > 0) await query(em, 'delete from outbox where id = any($1::bigint[])', [delivered]);
    return { delivered: delivered.length, failures };
  });
}

/** Messages of all workspaces that were not delivered yet. */
export async function countOutboxMessages(orm: MikroORM): Promise<number> {
  const [row] = await query<{ waiting: number }>(orm.em.fork(), 'select count(*)::int as waiting from outbox');
  return row?.waiting ?? 0;
}
