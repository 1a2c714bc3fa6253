import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { startFaultProxy } from '../../scripts/faults/fault-proxy.ts';
import { testTemporal } from '../../test/support/temporal.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { newId, startTestWorker } from '../../test/support/workflow-worker.ts';
import type { PendingMessage } from '../db/outbox.ts';
import { bootstrapOptionsSchema } from '../domain/bootstrap-options.ts';
import {
  buildBootstrapWorkflowId,
  buildInstallWorkflowId,
  buildUninstallWorkflowId,
  taskQueue,
} from '../domain/contract.ts';
import { operatorVerbs } from '../domain/operator-orders.ts';
import { createBootstrapRuns } from './bootstrap-runs.ts';
import { askTemporal, createTemporalClient } from './temporal.ts';
import { createWorkflowStarter } from './workflow-starter.ts';

const options = bootstrapOptionsSchema.parse({});
const newRef = () => ({ workspaceId: newId(), addonId: newId() });

let client: Client;
beforeAll(async () => void (client = createTemporalClient({ ...(await testTemporal()), namespace: 'default' })));
afterAll(() => client.connection.close());

const cleanUp = async (...ids: string[]): Promise<void> => {
  await Promise.all(
    ids.map((id) =>
      client.workflow
        .getHandle(id)
        .terminate()
        .catch(() => undefined),
    ),
  );
};

describe('bringing lifecycle events to Temporal', () => {
  let ref: ReturnType<typeof newRef>;
  beforeEach(() => void (ref = newRef()));

  const deliver = (event: PendingMessage['event'], payload: Partial<PendingMessage['payload']> = {}) =>
    createWorkflowStarter(client)({ id: '1', ...ref, event, payload: { requestId: 'request-1', ...payload } });
  const describeWorkflow = (id: string) => client.workflow.getHandle(id).describe();

  it('installed starts one workflow that is found by workspace, add-on and request', async () => {
    const id = buildInstallWorkflowId(ref);
    try {
      await deliver('installed');
      const first = await describeWorkflow(id);
      expect(first).toMatchObject({ type: 'installWorkflow', taskQueue, memo: { requestId: 'request-1' } });
      expect(first.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toEqual(
        expect.arrayContaining([
          ['WorkspaceId', ref.workspaceId],
          ['AddonId', ref.addonId],
          ['RequestId', 'request-1'],
        ]),
      );
      await deliver('installed');
      expect((await describeWorkflow(id)).runId).toBe(first.runId);
    } finally {
      await cleanUp(id);
    }
  });

  const signalsOf = async (id: string) => {
    const { events } = await client.workflow.getHandle(id).fetchHistory();
    return events?.flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
  };
  const isCancelled = async (id: string) => {
    const { events } = await client.workflow.getHandle(id).fetchHistory();
    return events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes);
  };

  it('installed once more is heard by the workflow that is at it already', async () => {
    const id = buildInstallWorkflowId(ref);
    try {
      await deliver('installed');
      await deliver('installed');
      expect(await signalsOf(id)).toEqual(['installed', 'installed']);
    } finally {
      await cleanUp(id);
    }
  });

  it.each(['deleted', 'suspected', 'superseded'] as const)(
    '%s ends the install, lets the run wait, and has one workflow find out whether the installation is gone',
    async (event) => {
      const [install, bootstrap, uninstall] = [
        buildInstallWorkflowId(ref),
        buildBootstrapWorkflowId(ref),
        buildUninstallWorkflowId(ref),
      ] as const;
      try {
        await deliver('installed');
        await createBootstrapRuns(client).start({ ...ref, requestId: 'r' }, options);
        await deliver(event);
        const first = await describeWorkflow(uninstall);
        await deliver(event);
        expect(await isCancelled(install)).toBe(true);
        expect(await isCancelled(bootstrap)).toBe(false);
        expect(await signalsOf(bootstrap)).toEqual(['installationStatus', 'installationStatus']);
        expect(await signalsOf(uninstall)).toEqual(['doubt', 'doubt']);
        expect(first).toMatchObject({ type: 'uninstallWorkflow', taskQueue, memo: { requestId: 'request-1' } });
        expect((await describeWorkflow(uninstall)).runId).toBe(first.runId);
      } finally {
        await cleanUp(install, bootstrap, uninstall);
      }
    },
  );

  it('status-changed tells the run', async () => {
    const id = buildBootstrapWorkflowId(ref);
    try {
      await createBootstrapRuns(client).start({ ...ref, requestId: 'r' }, options);
      await deliver('status-changed', { status: 'inactive' });
      expect(await signalsOf(id)).toEqual(['installationStatus']);
    } finally {
      await cleanUp(id);
    }
  });

  it.each(['status-changed', 'settings-updated'] as const)('%s without a workflow is no fault', async (event) => {
    await expect(deliver(event)).resolves.toBeUndefined();
  });
});

describe('bootstrap runs', () => {
  const runs = () => createBootstrapRuns(client);

  it('fifty starts at once give one run', async () => {
    const ref = newRef();
    try {
      const started = await Promise.all(
        Array.from({ length: 50 }, (_, index) => runs().start({ ...ref, requestId: `r${index}` }, options)),
      );
      expect(started.filter(({ status }) => status === 'started')).toHaveLength(1);
      expect(new Set(started.map(({ jobId }) => jobId)).size).toBe(1);
    } finally {
      await cleanUp(buildBootstrapWorkflowId(ref));
    }
  });

  it.each(operatorVerbs)('nobody obeys the order to %s while no run is under way', async (verb) => {
    expect(await runs().order(newRef(), verb, {})).toBeNull();
  });

  describe('that have nothing left but to end', () => {
    let ref: ReturnType<typeof newRef>;
    let worker: Awaited<ReturnType<typeof startWorker>>;
    let first: Awaited<ReturnType<ReturnType<typeof runs>['start']>>;

    beforeEach(async () => {
      [ref, worker] = [newRef(), await startWorker({ plan: [] })];
      first = await runs().start({ ...ref, requestId: 'r1' }, options);
      await waitUntil(() => worker.controls.closing > 0);
    });
    afterEach(async () => {
      worker.controls.letClose();
      await cleanUp(buildBootstrapWorkflowId(ref));
      await worker.stop();
    });

    it('are waited for: the start gives a run of its own', async () => {
      const second = runs().start({ ...ref, requestId: 'r2' }, options);
      worker.controls.letClose();
      expect(await second).toMatchObject({ status: 'started', jobId: expect.not.stringContaining(first.jobId) });
    });

    it('are what a start finds when they cannot end', async () => {
      expect(await runs().start({ ...ref, requestId: 'r2' }, options)).toEqual({ ...first, status: 'running' });
    });
  });

  it('a run is paused and resumed once each; a repeat is a conflict', async () => {
    const ref = newRef();
    const worker = await startWorker();
    try {
      await runs().start({ ...ref, requestId: 'r' }, options);
      await waitUntil(() => worker.controls.reading > 0);
      await expect(runs().order(ref, 'resume', {})).rejects.toMatchObject({
        code: 'conflict',
        message: 'The run is not paused.',
      });
      expect(await runs().order(ref, 'pause', { by: 'u1', reason: 'night' })).toBe('Paused: no further page is begun.');
      expect(worker.controls.paused).toBe(true);
      await expect(runs().order(ref, 'pause', {})).rejects.toMatchObject({
        code: 'conflict',
        message: 'The run is paused already.',
      });
      expect(await runs().order(ref, 'resume', { by: 'u1' })).toBe('Resumed where it was.');
      expect(worker.controls.paused).toBe(false);
      expect(worker.controls.log).toEqual([
        expect.objectContaining({ ...ref, verb: 'pause', actor: 'u1', reason: 'night', entity: null }),
        expect.objectContaining({ ...ref, verb: 'resume', actor: 'u1', reason: null, entity: null }),
      ]);
    } finally {
      await cleanUp(buildBootstrapWorkflowId(ref));
      await worker.stop();
    }
  });
});

/** On activities that never finish reading, and do not close a run before they may. */
async function startWorker({ plan = [{ entity: 'workspace', loops: 1, after: [] as string[] }] } = {}) {
  const { promise: mayClose, resolve: letClose } = Promise.withResolvers<void>();
  const controls = { paused: false, reading: 0, closing: 0, letClose, log: [] as unknown[] };
  const activities = {
    openRun: async () => ({ plan, concurrency: 1, isActive: true }),
    readPages: async () => {
      controls.reading += 1;
      return { state: 'waiting', retryAfterMs: 3_600_000 };
    },
    setControl: async ({ paused }: { paused: boolean }) => void (controls.paused = paused),
    async closeRun() {
      controls.closing += 1;
      await mayClose;
      return 'CANCELLED';
    },
    giveUpEntity: async () => {},
    recordOrder: async (order: unknown) => void controls.log.push(order),
  };
  return { controls, ...(await startTestWorker(activities, taskQueue)) };
}

test('a Temporal that is away is temporal_unavailable, and does not keep the caller waiting', async () => {
  const absent = createTemporalClient({ address: '127.0.0.1:1', namespace: 'default' });
  try {
    const runs = createBootstrapRuns(absent);
    const ref = newRef();
    for (const call of [() => runs.start({ ...ref, requestId: 'r' }, options), () => runs.order(ref, 'pause', {})]) {
      await expect(call()).rejects.toMatchObject({ code: 'temporal_unavailable' });
    }
    const deliver = createWorkflowStarter(absent);
    for (const event of ['installed', 'status-changed', 'deleted'] as const) {
      const message = { id: '1', ...ref, event, payload: { requestId: 'r' } };
      await expect(deliver(message)).rejects.toMatchObject({ code: 'temporal_unavailable' });
    }
  } finally {
    await absent.connection.close();
  }
});

test('a fault that is not the connection stays what it is', async () => {
  const bug = new TypeError('x');
  await expect(askTemporal(client, 1_000, () => Promise.reject(bug))).rejects.toBe(bug);
});

test('a connection on which Temporal has fallen silent is given up, and the next call takes a new one', async () => {
  const { address } = await testTemporal();
  const proxy = await startFaultProxy([Number(address.split(':')[1])]);
  const other = createTemporalClient({ address: `127.0.0.1:${proxy.port}`, namespace: 'default', silenceMs: 500 });
  const ask = () => askTemporal(other, 5_000, () => other.workflowService.getSystemInfo({}));
  try {
    await ask();
    proxy.freeze();
    await expect(askTemporal(other, 250, () => other.workflowService.getSystemInfo({}))).rejects.toMatchObject({
      code: 'temporal_unavailable',
    });
    await waitUntil(() =>
      ask().then(
        () => true,
        () => false,
      ),
    );
  } finally {
    await other.connection.close();
    await proxy.close();
  }
});

test('a connection that was taken in silence is given up, and the next call takes a new one', async () => {
  const { address } = await testTemporal();
  const proxy = await startFaultProxy([Number(address.split(':')[1])]);
  proxy.setMode({ kind: 'silent' });
  const other = createTemporalClient({ address: `127.0.0.1:${proxy.port}`, namespace: 'default', silenceMs: 500 });
  const ask = (milliseconds: number) => askTemporal(other, milliseconds, () => other.workflowService.getSystemInfo({}));
  try {
    await expect(ask(250)).rejects.toMatchObject({ code: 'temporal_unavailable' });
    proxy.setMode({ kind: 'open' });
    await waitUntil(() =>
      ask(1_000).then(
        () => true,
        () => false,
      ),
    );
  } finally {
    await other.connection.close();
    await proxy.close();
  }
});
