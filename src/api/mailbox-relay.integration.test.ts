import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { addDeliveries } from '../../test/support/due-deliveries.ts';
import { openLiveMirror } from '../../test/support/live-mirror.ts';
import type { LiveMirror } from '../../test/support/live-mirror.ts';
import { startTcpGate } from '../../test/support/tcp-gate.ts';
import type { TcpGate } from '../../test/support/tcp-gate.ts';
import { testTemporal } from '../../test/support/temporal.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { startTestWorker } from '../../test/support/workflow-worker.ts';
import type { TestWorker } from '../../test/support/workflow-worker.ts';
import { createDrainMailbox } from '../activities/drain-mailbox.ts';
import { claimSleeping, releaseMailbox } from '../db/mailboxes.ts';
import { buildMailboxWorkflowId } from '../domain/contract.ts';
import { createLogger } from '../platform/logger.ts';
import { createMailboxRelay, createMailboxWaker } from './mailbox-relay.ts';
import type { MailboxRelay } from './mailbox-relay.ts';
import { createTemporalClient } from './temporal.ts';

let live: LiveMirror;
let gate: TcpGate;
let client: Client;
let worker: TestWorker;
let relays: MailboxRelay[];
let lines: string[];

beforeAll(async () => {
  const { address } = await testTemporal();
  live = await openLiveMirror({ isUnlimited: true });
  gate = await startTcpGate(new URL(`http://${address}`));
  client = createTemporalClient({ address: `127.0.0.1:${gate.port}`, namespace: 'default' });
  worker = await startTestWorker({ drainMailbox: createDrainMailbox(live.drainDeps) });
}, 120_000);
afterAll(async () => {
  await worker.stop();
  await client.connection.close();
  await gate.stop();
  await live.close();
});
beforeEach(async () => {
  await live.forget();
  [relays, lines] = [[], []];
});
afterEach(() => Promise.all(relays.map((relay) => relay.stop())));

function startRelay(pollMs: number): MailboxRelay {
  const { orm } = live.mirror;
  const relay = createMailboxRelay({
    claim: () => claimSleeping(orm),
    wake: createMailboxWaker(client, worker.taskQueue),
    release: (ref) => releaseMailbox(orm, ref),
    log: createLogger('info', { write: (line) => void lines.push(line) }),
    pollMs,
  });
  relays.push(relay);
  relay.start();
  return relay;
}

const deliver = () => {
  const tags = live.simulator.rows(live.ref.workspaceId, 'tags');
  const bodies = tags.map(({ id }) => ({ event: 'TAG_UPDATED', body: { id } }));
  return addDeliveries(live.mirror, live.ref, bodies);
};
const isDone = async () => {
  const [row] = await live.mirror.rows(`select
    (select count(*)::int from webhook_events where state <> 'processed') as waiting,
    (select count(*)::int from mailboxes where awake_until is not null) as awake`);
  return row?.['waiting'] === 0 && row['awake'] === 0;
};
const workflow = () => client.workflow.getHandle(buildMailboxWorkflowId(live.ref));

test('deliveries that the relay is told of are processed at once, and then the mailbox sleeps', async () => {
  const relay = startRelay(3_600_000);
  await deliver();
  relay.onDeliveries();
  await waitUntil(isDone);
  await workflow().result();
  expect(await live.differences('tags')).toEqual([]);
});

test('deliveries that it was not told of are found', async () => {
  startRelay(100);
  await deliver();
  await waitUntil(isDone);
  expect(await live.differences('tags')).toEqual([]);
});

test('several relays wake a mailbox once', async () => {
  await deliver();
  for (const relay of [startRelay(50), startRelay(50), startRelay(50)]) relay.onDeliveries();
  await waitUntil(isDone);
  await workflow().result();
  const { events } = await workflow().fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionSignaledEventAttributes)).toHaveLength(1);
});

test('while Temporal is away deliveries wait, and once it is back they are processed', async () => {
  const relay = startRelay(50);
  await gate.shut();
  await deliver();
  relay.onDeliveries();
  await waitUntil(() => lines.join('').includes('mailbox not woken'));
  expect(await isDone()).toBe(false);
  await gate.open();
  await waitUntil(isDone);
  expect(await live.differences('tags')).toEqual([]);
}, 60_000);

test('no delivery is left that comes just when a mailbox falls asleep', async () => {
  const relay = startRelay(1_000);
  const [tag] = live.simulator.rows(live.ref.workspaceId, 'tags');
  for (let index = 0; index < 60; index++) {
    await addDeliveries(live.mirror, live.ref, [
      { event: 'NEW_TAG', body: index % 3 === 0 ? { id: tag?.['id'] } : {} },
    ]);
    relay.onDeliveries();
  }
  await waitUntil(isDone);
}, 60_000);
