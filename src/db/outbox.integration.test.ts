import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createTestDatabase } from '../../test/support/postgres.ts';
import type { TestDatabase } from '../../test/support/postgres.ts';
import { createOrm } from './orm.ts';
import { addOutboxMessage, countOutboxMessages, deliverOutbox } from './outbox.ts';
import type { PendingMessage } from './outbox.ts';

let database: TestDatabase;
let orm: MikroORM;
let admin: TestDatabase['admin'];

beforeAll(async () => {
  database = await createTestDatabase();
  orm = createOrm(database.url);
  ({ admin } = database);
});
afterAll(async () => {
  await orm.close();
  await database.drop();
});
beforeEach(() => admin.query('truncate outbox restart identity'));

const add = (addonId: string, event: PendingMessage['event']) =>
  addOutboxMessage(orm.em.fork(), { workspaceId: 'w1', addonId, event, payload: { requestId: `${addonId}-${event}` } });
const waiting = async () =>
  (await admin.query<{ event: string }>('select event from outbox order by id')).rows.map(({ event }) => event);
const nothing = () => Promise.resolve();

test('a delivered message is gone, and arrives whole', async () => {
  await add('a1', 'installed');
  const seen: PendingMessage[] = [];
  const result = await deliverOutbox(orm, async (message) => void seen.push(message));
  expect(seen).toEqual([
    { id: '1', workspaceId: 'w1', addonId: 'a1', event: 'installed', payload: { requestId: 'a1-installed' } },
  ]);
  expect(result).toEqual({ delivered: 1, failures: [] });
  expect(await waiting()).toEqual([]);
});

test('an empty outbox delivers nothing', async () => {
  expect(await deliverOutbox(orm, () => Promise.reject(new Error('called')))).toEqual({ delivered: 0, failures: [] });
});

test('the messages of one installation come one at a time, in order; others do not wait for them', async () => {
  await add('a1', 'installed');
  await add('a1', 'status-changed');
  await add('a2', 'installed');
  await add('a1', 'deleted');
  expect(await countOutboxMessages(orm)).toBe(4);
  const rounds: string[][] = [];
  for (let round = 0; round < 3; round += 1) {
    const seen: string[] = [];
    await deliverOutbox(orm, async ({ addonId, event }) => void seen.push(`${addonId} ${event}`));
    rounds.push(seen.sort());
  }
  expect(rounds).toEqual([['a1 installed', 'a2 installed'], ['a1 status-changed'], ['a1 deleted']]);
  expect(await countOutboxMessages(orm)).toBe(0);
});

test('a message that fails stays, holds back only its own installation, and says why', async () => {
  await add('a1', 'installed');
  await add('a1', 'deleted');
  await add('a2', 'installed');
  const error = new Error('away');
  const result = await deliverOutbox(orm, ({ addonId }) => (addonId === 'a1' ? Promise.reject(error) : nothing()));
  expect(result).toMatchObject({ delivered: 1, failures: [{ message: { addonId: 'a1', event: 'installed' }, error }] });
  expect(await waiting()).toEqual(['installed', 'deleted']);
});

test('two relays at once deliver each message once and keep the order', async () => {
  await add('a1', 'installed');
  await add('a1', 'deleted');
  const seen: string[] = [];
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const first = deliverOutbox(orm, async ({ event }) => {
    await second;
    seen.push(event);
  });
  const second = gate.then(() => deliverOutbox(orm, async ({ event }) => void seen.push(`too early: ${event}`)));
  open();
  await first;
  await deliverOutbox(orm, async ({ event }) => void seen.push(event));
  expect(seen).toEqual(['installed', 'deleted']);
});

test('at most the limit is taken', async () => {
  for (const addonId of ['a1', 'a2', 'a3']) await add(addonId, 'installed');
  expect(await deliverOutbox(orm, nothing, 2)).toMatchObject({ delivered: 2 });
  expect(await waiting()).toHaveLength(1);
});
