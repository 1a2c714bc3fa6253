import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { waitUntil } from '../../test/support/wait-until.ts';
import { connectTestClient, newId, startTestWorker } from '../../test/support/workflow-worker.ts';
import type { TestWorker } from '../../test/support/workflow-worker.ts';
import type { RefreshDue } from '../activities/refresh.ts';
import { buildBootstrapWorkflowId } from '../domain/contract.ts';
import type { refreshWorkflow, RefreshInput } from './refresh.ts';

const due: RefreshDue = {
  delta: [{ entity: 'tags', since: 0 }],
  rescan: ['holidays'],
  options: { scope: 'standard', timeEntries: true },
  hasRunUnderWay: false,
  isWebhookCheckDue: false,
  isCatchingUp: false,
  lookedAt: 1_000,
};

let client: Client;
let worker: TestWorker;
let input: RefreshInput;

/** What the database and Clockify would answer, and what was asked of them. */
let planned: RefreshDue | null;
let overdue: readonly string[];
let untold: () => readonly string[];
let asked: string[];

beforeAll(async () => void (client = await connectTestClient()), 120_000);
afterAll(() => client.connection.close());

beforeEach(async () => {
  [planned, overdue, untold, asked] = [due, [], () => [], []];
  input = { workspaceId: newId(), addonId: newId(), requestId: 'request-1' };
  const ask =
    <Answer>(name: string, answer: () => Answer) =>
    (): Promise<Answer> => {
      asked.push(name);
      return Promise.resolve(answer());
    };
  worker = await startTestWorker({
    planRefresh: ask('plan', () => planned),
    readChanges: ask('feeds', () => ({ overdue })),
    readMissedDeliveries: ask('log', () => ({ overdue: untold() })),
    noteCaughtUp: ask('caught up', () => undefined),
    // Nothing more of a run is looked at here than how it was started.
    openRun: () => Promise.reject(ApplicationFailure.nonRetryable('none is made here')),
    closeRun: () => Promise.resolve('FAILED'),
  });
});
afterEach(async () => {
  for (const { workflowId } of [refresh(), run()]) {
    await client.workflow
      .getHandle(workflowId)
      .terminate()
      .catch(() => undefined);
  }
  await worker.stop();
});

const refresh = () => client.workflow.getHandle<typeof refreshWorkflow>(`refresh:${input.workspaceId}`);
const run = () => client.workflow.getHandle(buildBootstrapWorkflowId(input));
const start = (changes: Partial<RefreshInput> = {}) =>
  client.workflow.start<typeof refreshWorkflow>('refreshWorkflow', {
    taskQueue: worker.taskQueue,
    workflowId: refresh().workflowId,
    args: [{ ...input, ...changes }],
  });
/** Another run, by somebody else. */
const occupy = () =>
  client.workflow.start('bootstrapWorkflow', {
    taskQueue: 'nobody-works-here',
    workflowId: run().workflowId,
    args: [{ ...input, options: {} }],
  });
const readAgain = async (): Promise<unknown> => {
  const { events } = await run().fetchHistory();
  const [payload] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  return JSON.parse(Buffer.from(payload?.data ?? []).toString()) as unknown;
};

it('reads the feeds, and has read again what is due and what the feeds could not tell', async () => {
  overdue = ['tags', 'holidays'];
  await (await start()).result();
  expect(asked).toEqual(['plan', 'feeds']);
  expect(await readAgain()).toMatchObject({ options: { ...due.options, only: ['holidays', 'tags'] } });
});

it('starts no run when nothing is due', async () => {
  planned = { ...due, delta: [], rescan: [] };
  expect(await (await start()).result()).toBe('Feeds read: none. Read whole again: none.');
  expect(asked).toEqual(['plan']);
  await expect(run().describe()).rejects.toThrow('not found');
});

it('of an add-on that is switched off does nothing', async () => {
  planned = null;
  expect(await (await start()).result()).toMatch(/^Nothing is kept fresh/);
  expect(asked).toEqual(['plan']);
});

it('leaves what is to be read whole to the next look while a run is under way', async () => {
  await occupy();
  expect(await (await start()).result()).toBe('Feeds read: tags. Read whole again: after the run.');
  expect(asked).toEqual(['plan', 'feeds']);
});

it('does not wait for a run that only the database takes for one under way', async () => {
  planned = { ...due, hasRunUnderWay: true };
  expect(await (await start()).result()).toBe('Feeds read: tags. Read whole again: holidays.');
  expect(await readAgain()).toMatchObject({ options: { only: ['holidays'] } });
});

it('that catches up waits for the run under way, without asking for anything twice', async () => {
  planned = { ...due, delta: [], isCatchingUp: true, hasRunUnderWay: true };
  await occupy();
  const handle = await start({ isCatchingUp: true });
  await waitUntil(async () => {
    const { events } = await handle.fetchHistory();
    return events?.some((event) => event.startChildWorkflowExecutionFailedEventAttributes) === true;
  }, 20_000);
  expect(asked).toEqual(['plan', 'log']);
  await run().terminate();
  expect(await handle.result()).toBe('Feeds read: none. Read whole again: holidays.');
  expect(asked).toEqual(['plan', 'log', 'caught up']);
  expect(await readAgain()).toMatchObject({ options: { only: ['holidays'] } });
}, 60_000);

it('that catches up has read whole, too, what the log of deliveries could not tell', async () => {
  planned = { ...due, delta: [], isCatchingUp: true };
  untold = () => ['time_entries'];
  expect(await (await start()).result()).toBe('Feeds read: none. Read whole again: holidays, time_entries.');
  expect(asked).toEqual(['plan', 'log', 'caught up']);
  expect(await readAgain()).toMatchObject({ options: { only: ['holidays', 'time_entries'] } });
});

it('that catches up goes on when the log of deliveries cannot be read', async () => {
  planned = { ...due, delta: [], isCatchingUp: true };
  untold = () => {
    throw ApplicationFailure.nonRetryable('the log is closed');
  };
  expect(await (await start()).result()).toBe('Feeds read: none. Read whole again: holidays.');
  expect(asked).toEqual(['plan', 'log', 'caught up']);
});

it('makes up for deliveries that failed while a run is under way, and is not done before it', async () => {
  planned = { ...due, delta: [], isCatchingUp: true };
  await occupy();
  expect(await (await start()).result()).toBe('Feeds read: none. Read whole again: after the run.');
  expect(asked).toEqual(['plan', 'log']);
});
