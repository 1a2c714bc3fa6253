import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { waitUntil } from '../../test/support/wait-until.ts';
import { connectTestClient, newId, startTestWorker } from '../../test/support/workflow-worker.ts';
import type { TestWorker } from '../../test/support/workflow-worker.ts';
import type { DrainResult } from '../activities/drain-mailbox.ts';
import { createMailboxWaker } from '../api/mailbox-relay.ts';
import { buildMailboxWorkflowId } from '../domain/contract.ts';

const empty = { state: 'empty' } as const;

let client: Client;
let worker: TestWorker;
let ref: { workspaceId: string; addonId: string };

/** What each drain was given, and the results to come; without any the mailbox is empty. */
let drained: unknown[];
let results: (DrainResult | Error | (() => Promise<DrainResult>))[];

beforeAll(async () => void (client = await connectTestClient()), 120_000);
afterAll(() => client.connection.close());

beforeEach(async () => {
  [drained, results] = [[], []];
  ref = { workspaceId: newId(), addonId: newId() };
  const drainMailbox = async (input: unknown): Promise<DrainResult> => {
    drained.push(input);
    const result = results.shift() ?? empty;
    if (result instanceof Error) throw result;
    return typeof result === 'function' ? result() : result;
  };
  worker = await startTestWorker({ drainMailbox });
});
afterEach(async () => {
  await handle()
    .terminate()
    .catch(() => undefined);
  await worker.stop();
});

const handle = () => client.workflow.getHandle(buildMailboxWorkflowId(ref));
const wake = () => createMailboxWaker(client, worker.taskQueue)(ref);
const signals = async () => {
  const { events } = await handle().fetchHistory();
  return events?.filter((event) => event.workflowExecutionSignaledEventAttributes).length;
};

describe('a mailbox that is woken', () => {
  it('is drained by ids alone, until it is empty', async () => {
    results = [{ state: 'more' }, { state: 'more' }, empty];
    await wake();
    await handle().result();
    expect(drained).toEqual([ref, ref, ref]);
  });

  it('while it is being drained is looked into once more, however often it was woken', async () => {
    const blocked = Promise.withResolvers<DrainResult>();
    results = [() => blocked.promise];
    await wake();
    await waitUntil(() => drained.length === 1);
    for (let times = 0; times < 5; times++) await wake();
    await waitUntil(async () => (await signals()) === 6);
    blocked.resolve(empty);
    await handle().result();
    expect(drained).toHaveLength(2);
  });

  it('after it was empty is drained anew', async () => {
    await wake();
    await handle().result();
    await wake();
    await handle().result();
    expect(drained).toHaveLength(2);
  });

  it('goes on where the budget was used up, after a pause', async () => {
    results = [{ state: 'waiting', retryAfterMs: 1 }, empty];
    await wake();
    await handle().result();
    const { events } = await handle().fetchHistory();
    const timers = events?.flatMap((event) => event.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? []);
    expect(timers?.map(Number)).toEqual([2]);
    expect(drained).toHaveLength(2);
  });

  it('goes on after a database that was away', async () => {
    results = [new Error('ECONNREFUSED'), empty];
    await wake();
    await handle().result();
    expect(drained).toHaveLength(2);
  });

  it('of an add-on that is switched off ends', async () => {
    results = [{ state: 'halted' }];
    await wake();
    await handle().result();
    expect(drained).toHaveLength(1);
  });
});

it('can be found by its installation', async () => {
  await wake();
  await handle().result();
  const { searchAttributes } = await handle().describe();
  expect(searchAttributes).toMatchObject({ WorkspaceId: [ref.workspaceId], AddonId: [ref.addonId] });
});
