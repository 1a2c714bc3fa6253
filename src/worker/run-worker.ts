import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { createFailureInterceptor } from '../activities/failures.ts';
import { createMeteredGateway } from '../activities/metered-gateway.ts';
import { createOrm, patientStatementMs } from '../db/orm.ts';
import { taskQueue } from '../domain/contract.ts';
import type { ProbeSchedule } from '../domain/removal.ts';
import { loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { createLogSink } from '../platform/log-sink.ts';
import type { Logger } from '../platform/logger.ts';
import { createMetrics } from '../platform/metrics.ts';
import { createShutdown } from '../platform/shutdown.ts';
import { buildActivities, loadDocuments } from './activities.ts';
import { serveMetrics } from './metrics-server.ts';
import { ensureRetention } from './retention-schedule.ts';
import { connectToTemporal, ensureSearchAttributes, installRuntime } from './runtime.ts';

/** Runs a worker until the process is told to end. A wrong start names every fault and ends the process at once. */
export async function runWorker(env: NodeJS.ProcessEnv, schedule: ProbeSchedule): Promise<void> {
  try {
    await run(env, schedule);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    // What is open already would keep a worker that cannot work alive.
    process.exit(1);
  }
}

async function run(env: NodeJS.ProcessEnv, schedule: ProbeSchedule): Promise<void> {
  const config = loadConfig(env);
  const documents = loadDocuments(new URL('../../', import.meta.url));
  const metrics = createMetrics();
  const sink = createLogSink({ onDrop: () => metrics.logLinesDropped.inc() });
  const log = createLogger(config.logLevel, sink);
  const shutdown = createShutdown(log);
  installRuntime(log);

  const orm = createOrm(config.databaseUrl);
  shutdown.add('database', () => orm.close(true));
  const patientOrm = createOrm(config.databaseUrl, { longestStatementMs: patientStatementMs });
  shutdown.add('patient database', () => patientOrm.close(true));
  const { gateway, closeGateway } = createMeteredGateway(config, metrics, orm);
  shutdown.add('clockify', closeGateway);
  const { workerMetricsHost: host, workerMetricsPort: port } = config;
  if (port !== undefined) {
    const server = await serveMetrics(metrics, { host, port });
    shutdown.add('metrics', () => void server.close());
  }
  const stopping = new AbortController();
  shutdown.add('start', () => stopping.abort());
  shutdown.listen();

  const connection = await connectToTemporal(config.temporalAddress, log, stopping.signal);
  if (connection === null) return;
  shutdown.add('temporal', () => connection.close());
  await ensureSearchAttributes(connection, config.temporalNamespace).catch((error: unknown) => {
    log.warn({ err: error }, 'search attributes could not be registered');
  });
  await ensureRetention(new Client({ connection, namespace: config.temporalNamespace }));
  const worker = await Worker.create({
    ...workerLimits,
    connection,
    namespace: config.temporalNamespace,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    activities: buildActivities({ config, orm, patientOrm, metrics, gateway, ...documents, schedule }),
    interceptors: { activity: [() => ({ inbound: countStaleAttempts(() => metrics.staleAttempts.inc()) })] },
  });
  const running = worker.run();
  metrics.workerTasks.sampleFrom(countTasks(worker));
  shutdown.add('worker', async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  });
  log.info({ taskQueue, temporal: config.temporalAddress }, 'worker started');
  await endWith(running, log);
  await shutdown.run();
}

/** Slots for what one process and its 20 database connections can serve; time enough to hand a page loop back. */
const workerLimits = {
  maxConcurrentActivityTaskExecutions: 40,
  maxCachedWorkflows: 500,
  shutdownGraceTime: '15 seconds',
  shutdownForceTime: '40 seconds',
} satisfies Partial<WorkerOptions>;

function countTasks(worker: Worker): Record<'activities' | 'workflows', () => number | undefined> {
  const whileRunning = (count: number): number | undefined => (worker.getState() === 'RUNNING' ? count : undefined);
  return {
    activities: () => whileRunning(worker.getStatus().numInFlightActivities),
    workflows: () => whileRunning(worker.getStatus().numInFlightWorkflowActivations),
  };
}

const countStaleAttempts = (onStale: () => void) =>
  createFailureInterceptor(({ code }) => {
    if (code === 'stale_attempt' || code === 'attempt_overtaken') onStale();
  });

async function endWith(running: Promise<void>, log: Logger): Promise<void> {
  try {
    await running;
  } catch (error) {
    log.error({ err: error }, 'worker failed');
    process.exitCode = 1;
  }
}
