import { Worker } from '@temporalio/worker';
import { createFailureInterceptor } from '../activities/failures.ts';
import { createOrm } from '../db/orm.ts';
import { taskQueue } from '../domain/contract.ts';
import { loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { createMetrics } from '../platform/metrics.ts';
import { createShutdown } from '../platform/shutdown.ts';
import { buildActivities, loadDocuments } from './activities.ts';
import { serveMetrics } from './metrics-server.ts';
import { connectToTemporal, ensureSearchAttributes, installRuntime } from './runtime.ts';

const config = loadConfig(process.env);
const log = createLogger(config.logLevel);
const metrics = createMetrics();
const orm = createOrm(config.databaseUrl);
const shutdown = createShutdown(log);
const documents = loadDocuments();
let isStopping = false;

installRuntime(log);
shutdown.add('database', () => orm.close(true));
if (config.workerMetricsPort !== undefined) {
  const server = await serveMetrics(metrics, config.workerMetricsPort);
  shutdown.add('metrics', () => void server.close());
}
shutdown.listen();
process.once('SIGTERM', () => (isStopping = true));
process.once('SIGINT', () => (isStopping = true));

const connection = await connectToTemporal(config.temporalAddress, log, () => isStopping);
if (connection !== null) {
  shutdown.add('temporal', () => connection.close());
  await ensureSearchAttributes(connection, config.temporalNamespace).catch((error: unknown) => {
    log.warn({ err: error }, 'search attributes could not be registered');
  });
  const worker = await Worker.create({
    connection,
    namespace: config.temporalNamespace,
    taskQueue,
    workflowsPath: new URL('../workflows/index.ts', import.meta.url).pathname,
    activities: buildActivities({ config, orm, metrics, ...documents }),
    interceptors: {
      activity: [
        () => ({
          inbound: createFailureInterceptor(({ code }) => {
            if (code === 'stale_attempt') metrics.staleAttempts.inc();
          }),
        }),
      ],
    },
    maxConcurrentActivityTaskExecutions: 40,
    maxCachedWorkflows: 500,
    shutdownGraceTime: '15 seconds',
    shutdownForceTime: '40 seconds',
  });
  const running = worker.run();
  shutdown.add('worker', async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  });
  log.info({ taskQueue, temporal: config.temporalAddress }, 'worker started');
  await running.catch((error: unknown) => {
    log.error({ err: error }, 'worker failed');
    process.exitCode = 1;
  });
  await shutdown.run();
}
