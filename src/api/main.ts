import { createHash, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { createLogSink } from '../platform/log-sink.ts';
import { createMetrics } from '../platform/metrics.ts';
import { createShutdown } from '../platform/shutdown.ts';
import { composeApi, createConnections } from './compose.ts';
import { createHttpServer } from './server.ts';

/** Those who keep connections open, such as load balancers and Clockify, send again within that time. */
const lingerMs = 1_000;

async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const config = loadConfig(env);
  const metrics = createMetrics();
  const sink = createLogSink({ onDrop: () => metrics.logLinesDropped.inc() });
  const log = createLogger(config.logLevel, sink);
  const connections = createConnections(config, metrics);
  const { app, relay, mailboxRelay, statusFeed, inboxFeed, clockWatch, presence } = composeApi({
    config,
    log,
    metrics,
    connections,
  });

  const handle = app.callback();
  const http = createHttpServer((request, response) => void handle(request, response));
  http.server.listen(config.port, config.host);
  await once(http.server, 'listening');
  relay.start();
  mailboxRelay.start();
  clockWatch.start();
  presence.start();

  const shutdown = createShutdown(log);
  shutdown.add('temporal', () => connections.temporal.connection.close());
  shutdown.add('database', () => connections.orm.close(true));
  shutdown.add('clockify', () => connections.closeGateway());
  shutdown.add('outbox', () => relay.stop());
  shutdown.add('mailboxes', () => mailboxRelay.stop());
  shutdown.add('presence', () => presence.stop());
  shutdown.add('clock', () => clockWatch.stop());
  shutdown.add('server', () => http.close(lingerMs));
  shutdown.add('status feed', () => statusFeed.close());
  shutdown.add('inbox feed', () => inboxFeed.close());
  shutdown.listen();
  log.info({ address: http.server.address(), keys: config.publicKeys.map(fingerprintOf) }, 'listening');
}

/** Hex sha256 of the key's DER form, to compare with a published one. */
const fingerprintOf = (pem: string): string =>
  createHash('sha256')
    .update(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
    .digest('hex');

try {
  await main(process.env);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
