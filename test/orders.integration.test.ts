import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { waitUntil } from './support/wait-until.ts';
import { connectTestClient, startTestWorker } from './support/workflow-worker.ts';

const plan = [
  { entity: 'workspace', loops: 1, after: [] },
  { entity: 'projects', loops: 1, after: ['workspace'] },
  { entity: 'clients', loops: 1, after: ['workspace'] },
  { entity: 'tags', loops: 1, after: ['workspace'] },
  { entity: 'tasks', loops: 1, after: ['projects'] },
];

/** The bookkeeping of a run, played by hand: a kind is read once the test lets its page loop end. */
class Bookkeeping {
  readonly told: string[] = [];
  readonly log: { verb: string; entity: string | null; actor: string; reason: string | null; effect: string }[] = [];
  readonly pages = new Map<string, (outcome: object) => void>();
  readonly abandoned: ((outcome: object) => void)[] = [];
  readonly broken = new Set<string>();
  /** The database was put back to a moment before the run. */
  isLost = false;
  readonly unproven = new Set<string>();
  runs = 0;
  closing = Promise.resolve();

  readonly activities = {
    openRun: async () => ((this.runs += 1), { plan, concurrency: 8, isActive: true }),
    readPages: ({ entity }: { entity: string }) => {
      if (this.isLost) throw ApplicationFailure.nonRetryable('There is no page loop.', 'not_found');
      if (this.broken.has(entity)) throw ApplicationFailure.nonRetryable('It broke.', 'clockify_request_wrong');
      return new Promise((resolve) => this.pages.set(entity, resolve));
    },
    settleEntity: async ({ entity }: { entity: string }) => {
      const complete = !this.unproven.has(entity);
      return { state: 'read', complete, rows: 1, reason: complete ? null : 'A row is missing.' };
    },
    giveUpEntity: async ({ entity, state, reason, code }: Record<string, string>) =>
      void this.told.push([entity, state, reason, ...(code === undefined ? [] : [code])].join(' · ')),
    restartEntity: async ({ entity }: { entity: string }) => void this.told.push(`${entity} · again`),
    changeRate: async ({ requestsPerSecond }: { requestsPerSecond: number }) =>
      void this.told.push(`rate ${requestsPerSecond}`),
    setControl: async ({ paused }: { paused: boolean }) => void this.told.push(paused ? 'paused' : 'going'),
    closeRun: async ({ forced }: { forced?: string }) => {
      this.told.push(`closed ${forced ?? ''}`);
      await this.closing;
      return forced ?? 'COMPLETED';
    },
    recordOrder: async (line: Bookkeeping['log'][number]) => void this.log.push(line),
  };

  /** The page loops under way never hear of their end: somebody else takes the kinds over. */
  abandon(...entities: string[]): void {
    for (const entity of entities) {
      const end = this.pages.get(entity);
      if (end !== undefined) this.abandoned.push(end);
      this.pages.delete(entity);
    }
  }

  /** Lets the page loop of a kind come to its end, once it has begun. */
  async read(entity: string): Promise<void> {
    await waitUntil(() => this.pages.has(entity));
    this.pages.get(entity)?.({ state: 'done' });
    this.pages.delete(entity);
  }
}

let client: Client;
let books: Bookkeeping;
let run: WorkflowHandle;
let stop: () => Promise<void>;

beforeAll(async () => {
  client = await connectTestClient();
});
afterAll(() => client.connection.close());

beforeEach(async () => {
  books = new Bookkeeping();
  const worker = await startTestWorker(books.activities);
  const { taskQueue } = worker;
  const options = { scope: 'standard', timeEntries: true };
  const input = { workspaceId: taskQueue, addonId: 'addon', requestId: 'r', options };
  run = await client.workflow.start('bootstrapWorkflow', { taskQueue, workflowId: `run:${taskQueue}`, args: [input] });
  stop = async () => {
    await run.terminate().catch(() => undefined);
    books.abandon(...books.pages.keys());
    books.abandoned.forEach((end) => end({ state: 'done' }));
    await worker.stop();
  };
});
afterEach(() => stop());

const order = (verb: string, input?: object): Promise<string> =>
  run.executeUpdate<string, [object | null]>(verb, { args: [input ?? null] });
/** Whether the run itself knows that a kind is done: its details say so, as in the Web UI. */
const isDone = (entity: string): Promise<void> =>
  waitUntil(async () =>
    JSON.stringify(await run.query('__temporal_workflow_metadata')).includes(`| ${entity} | read |`),
  );
const isReading = (entity: string): Promise<void> => waitUntil(() => books.pages.has(entity));
async function refusalOf(verb: string, input?: object): Promise<string> {
  const error = await order(verb, input).catch((refusal: unknown) => refusal);
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) throw error;
  return `${error.cause.type}: ${error.cause.message}`;
}
const readAll = async (...entities: string[]): Promise<void> => {
  for (const entity of entities) await books.read(entity);
};

describe('leaving a kind out', () => {
  it('ends its reading, and what depends on it is skipped too', async () => {
    await books.read('workspace');
    await isReading('projects');
    expect(await order('skipEntity', { entity: 'projects', by: 'ada', reason: 'too many' })).toBe(
      'Left out of this run: projects.',
    );
    await readAll('tags', 'clients');
    expect(await run.result()).toBe('COMPLETED');
    expect(books.told).toEqual([
      'projects · skipped · Left out by order of ada: too many',
      'tasks · skipped · It is read per row of projects, which could not be read.',
      'closed ',
    ]);
    expect(books.log).toEqual([
      expect.objectContaining({ verb: 'skipEntity', entity: 'projects', actor: 'ada', reason: 'too many' }),
    ]);
  });

  it('works before its turn has come', async () => {
    await isReading('workspace');
    await order('skipEntity', { entity: 'tasks' });
    await readAll('workspace', 'projects', 'clients', 'tags');
    expect(await run.result()).toBe('COMPLETED');
    expect(books.told).toEqual(['tasks · skipped · Left out by order.', 'closed ']);
    expect(books.log).toEqual([expect.objectContaining({ actor: 'Temporal Web UI', reason: null })]);
  });

  it('is refused for what is done, and for what the run does not read', async () => {
    await books.read('workspace');
    await books.read('tags');
    await isDone('tags');
    expect(await refusalOf('skipEntity', { entity: 'tags' })).toBe('conflict: tags is done already.');
    expect(await refusalOf('skipEntity', { entity: 'invoices' })).toBe('conflict: This run does not read invoices.');
    expect(books.log).toEqual([]);
  });
});

it('a run that the database does not know any more ends, and leaves the rest alone', async () => {
  await books.read('workspace');
  await isReading('projects');
  books.isLost = true;
  books.pages.forEach((end) => end({ state: 'more' }));
  expect(await run.result()).toBe('FAILED');
  expect(books.told).toContain('projects · failed · There is no page loop. · not_found');
  expect(books.told).toContain('tasks · skipped · The run ended before its turn.');
  expect(books.told.at(-1)).toBe('closed FAILED');
});

describe('reading a kind again', () => {
  it('begins it anew while it is being read', async () => {
    await books.read('workspace');
    await isReading('tags');
    books.abandon('tags');
    expect(await order('restartEntity', { entity: 'tags' })).toBe('Reading again: tags.');
    await readAll('tags', 'clients', 'projects', 'tasks');
    expect(await run.result()).toBe('COMPLETED');
    expect(books.told).toEqual(['tags · again', 'closed ']);
  });

  it('begins it anew once it was done', async () => {
    await readAll('workspace', 'tags');
    await isReading('projects');
    await isDone('tags');
    await order('restartEntity', { entity: 'tags' });
    await readAll('tags', 'clients', 'projects', 'tasks');
    expect(await run.result()).toBe('COMPLETED');
    expect(books.told).toEqual(['tags · again', 'closed ']);
  });

  it('is refused for what has not begun', async () => {
    await isReading('workspace');
    expect(await refusalOf('restartEntity', { entity: 'tasks' })).toBe('conflict: tasks has not begun yet.');
  });
});

describe('reading again what failed', () => {
  it('takes what failed, what was not proven, and what was skipped for their sake', async () => {
    books.broken.add('projects');
    books.unproven.add('clients');
    await readAll('workspace', 'clients');
    await waitUntil(() => books.told.some((line) => line.startsWith('tasks · skipped')));
    await isDone('clients');
    expect(books.told[0]).toBe('projects · failed · It broke. · clockify_request_wrong');
    books.told.length = 0;
    books.broken.clear();
    books.unproven.clear();
    expect(await order('retryFailed')).toBe('Reading again: projects, clients.');
    await readAll('projects', 'clients', 'tasks', 'tags');
    expect(await run.result()).toBe('COMPLETED');
    expect([...books.told].sort()).toEqual(['clients · again', 'closed ', 'projects · again', 'tasks · again']);
  });

  it('is refused while nothing has failed', async () => {
    await books.read('workspace');
    await isReading('tags');
    expect(await refusalOf('retryFailed')).toBe('conflict: Nothing has failed in this run.');
  });
});

describe('ending a run', () => {
  it('by cancelling it, closes it at once', async () => {
    await books.read('workspace');
    await isReading('tags');
    expect(await order('cancel', { by: 'ada' })).toBe('Cancelled: what it has read stays.');
    expect(await run.result()).toBe('CANCELLED');
    expect(books.told).toEqual(['closed CANCELLED']);
    expect(books.log).toEqual([expect.objectContaining({ verb: 'cancel', actor: 'ada' })]);
    expect(books.runs).toBe(1);
  });

  it('by restarting everything, begins a new one that can read the same kinds', async () => {
    await books.read('workspace');
    for (const entity of ['projects', 'clients', 'tags']) await isReading(entity);
    books.abandon(...books.pages.keys());
    await order('restartAll');
    await readAll('workspace', 'projects', 'clients', 'tags', 'tasks');
    expect(await run.result()).toBe('COMPLETED');
    expect(books.told).toEqual(['closed CANCELLED', 'closed ']);
    expect(books.runs).toBe(2);
  });

  it('takes no further order, and says that it is the end', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    books.closing = promise;
    await readAll('workspace', 'projects', 'clients', 'tags', 'tasks');
    await waitUntil(() => books.told.includes('closed '));
    for (const verb of ['pause', 'cancel', 'restartAll'])
      expect(await refusalOf(verb)).toBe('ending: The run is ending.');
    resolve();
    expect(await run.result()).toBe('COMPLETED');
  });

  it('works while it is paused', async () => {
    await isReading('workspace');
    await order('pause');
    await order('cancel');
    expect(await run.result()).toBe('CANCELLED');
  });
});

it('the rate of a run can be changed', async () => {
  await isReading('workspace');
  expect(await order('changeRate', { requestsPerSecond: 25 })).toBe(
    'Reading with at most 25 requests a second from the next page on.',
  );
  expect(books.told).toEqual(['rate 25']);
});

it('a run with options that nobody understands fails, and says so', async () => {
  const wrong = await client.workflow.start('bootstrapWorkflow', {
    taskQueue: (await run.describe()).taskQueue,
    workflowId: `${run.workflowId}:wrong`,
    args: [{ workspaceId: 'w', addonId: 'a', requestId: 'r', options: { scope: 'all of it' } }],
  });
  await expect(wrong.result()).rejects.toMatchObject({ cause: { type: 'validation_failed' } });
  expect(books.runs).toBeLessThanOrEqual(1);
});

describe('an order', () => {
  it.each([
    ['pause', { by: '' }],
    ['pause', { reason: 7 }],
    ['skipEntity', undefined],
    ['restartEntity', { entity: 'unknown' }],
    ['changeRate', { requestsPerSecond: 51 }],
    ['cancel', { madeUp: true }],
  ])('%s with %j is not understood', async (verb, input) => {
    expect(await refusalOf(verb, input)).toMatch(/^validation_failed: The order is not understood\. /);
    expect(books.log).toEqual([]);
  });
});
