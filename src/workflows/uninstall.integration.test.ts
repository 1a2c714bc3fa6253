import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { waitUntil } from '../../test/support/wait-until.ts';
import { connectTestClient, newId, startTestWorker } from '../../test/support/workflow-worker.ts';
import type { TestWorker } from '../../test/support/workflow-worker.ts';
import type { ExamineInput, Finding } from '../activities/uninstall.ts';
import type { Doubt } from '../domain/removal.ts';

const hour = 3_600_000;

let client: Client;
let worker: TestWorker;
let handle: WorkflowHandle;
let ref: { workspaceId: string; addonId: string };

/** What was asked for, in its order. */
let calls: string[];
let asked: ExamineInput[];
/** The answers to come; the last one is given again and again. */
let findings: (Finding | Promise<Finding>)[];
let isInUseAgain: boolean;

const waitFor = (doubt: Doubt, nextMs = hour, probes = 1): Finding => ({
  verdict: 'wait',
  standing: { doubt, probes, refusals: 0 },
  nextMs,
});

beforeAll(async () => void (client = await connectTestClient()), 120_000);
afterAll(() => client.connection.close());

beforeEach(async () => {
  [calls, asked, findings, isInUseAgain] = [[], [], [], false];
  ref = { workspaceId: newId(), addonId: newId() };
  worker = await startTestWorker({
    examineInstallation: async (input: ExamineInput) => {
      asked.push(input);
      return findings.length > 1 ? findings.shift() : findings[0];
    },
    purgeInstallation: async () => (calls.push('purge'), !isInUseAgain),
    forgetExecutions: async ({ isLast }: { isLast: boolean }) => void calls.push(isLast ? 'forget itself' : 'forget'),
  });
});

afterEach(async () => {
  await handle.terminate().catch(() => undefined);
  await worker.stop();
});

async function start(reason: Doubt, ...answers: (Finding | Promise<Finding>)[]): Promise<void> {
  findings = answers;
  handle = await client.workflow.signalWithStart('uninstallWorkflow', {
    taskQueue: worker.taskQueue,
    workflowId: `uninstall:${ref.workspaceId}:${ref.addonId}`,
    args: [{ ...ref, reason, requestId: 'r' }],
    signal: 'doubt',
    signalArgs: [reason],
  });
}
const signal = (doubt: Doubt): Promise<void> => handle.signal('doubt', doubt);
const timesAsked = (times: number): Promise<void> => waitUntil(() => asked.length === times);

describe('an installation that is gone', () => {
  it('loses its rows, then its executions, then what those still wrote; the workflow itself goes last', async () => {
    await start('deleted', waitFor('deleted', 1), { verdict: 'purge' });
    expect(await handle.result()).toMatch(/gone/);
    expect(calls).toEqual(['purge', 'forget', 'purge', 'forget itself']);
    expect(asked.map(({ standing }) => standing.probes)).toEqual([0, 1]);
  });

  it('keeps all when it has come back into use meanwhile', async () => {
    isInUseAgain = true;
    await start('suspect', { verdict: 'purge' }, { verdict: 'in_use', isActive: true });
    expect(await handle.result()).toMatch(/in use/);
    expect(calls).toEqual(['purge']);
  });
});

describe('an installation that is back', () => {
  it.each([true, false])('has its run go on only if it is active: %s', async (isActive) => {
    const bootstrap = await client.workflow.start('bootstrapWorkflow', {
      taskQueue: `nobody-${newId()}`,
      workflowId: `bootstrap:${ref.workspaceId}:${ref.addonId}`,
      args: [{}],
    });
    try {
      await start('deleted', { verdict: 'in_use', isActive });
      await handle.result();
      const { events } = await bootstrap.fetchHistory();
      const signals = events?.flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
      expect(signals).toEqual(isActive ? ['installationStatus'] : []);
    } finally {
      await bootstrap.terminate();
    }
  });

  it('is looked at again when a DELETED came while it was being restored', async () => {
    const answer = Promise.withResolvers<Finding>();
    await start('deleted', answer.promise, { verdict: 'purge' });
    await timesAsked(1);
    await signal('deleted');
    answer.resolve({ verdict: 'in_use', isActive: true });
    expect(await handle.result()).toMatch(/gone/);
    expect(asked).toHaveLength(2);
  });
});

describe('while it waits for the next probe', () => {
  it.each<[string, Doubt, Doubt]>([
    ['a suspect that was deleted', 'suspect', 'deleted'],
    ['a suspect that is said to be there', 'suspect', 'suspect'],
    ['a deleted installation that was replaced', 'deleted', 'superseded'],
  ])('%s is looked at now', async (_, reason, news) => {
    await start(reason, waitFor(reason), { verdict: 'in_use', isActive: false });
    await timesAsked(1);
    await signal(news);
    await handle.result();
    expect(asked).toHaveLength(2);
  });

  it('the same DELETED twice hurries nothing', async () => {
    await start('deleted', waitFor('deleted'), { verdict: 'in_use', isActive: false });
    await timesAsked(1);
    await signal('deleted');
    await signal('suspect');
    await handle.result();
    expect(asked).toHaveLength(2);
  });

  it('its standing is what was found last', async () => {
    await start('suspect', waitFor('suspect', 1, 1), waitFor('deleted', 1, 5), waitFor('deleted', hour, 6));
    await timesAsked(3);
    expect(asked.map(({ standing }) => standing)).toEqual([
      { doubt: 'suspect', probes: 0, refusals: 0 },
      { doubt: 'suspect', probes: 1, refusals: 0 },
      { doubt: 'deleted', probes: 5, refusals: 0 },
    ]);
  });
});
