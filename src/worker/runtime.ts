import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger as TemporalLogger, LogLevel } from '@temporalio/worker';
import { searchAttributes } from '../domain/contract.ts';
import type { Logger } from '../platform/logger.ts';

const keyword = 2;

/** Sends the SDK's own lines, from workflows and activities too, through our logger. Once a process. */
export function installRuntime(log: Logger): void {
  // The server's task token is long and tells a reader nothing.
  const write = (level: LogLevel, message: string, meta?: Record<string, unknown>): void =>
    log[level.toLowerCase() as Lowercase<LogLevel>]({ ...meta, taskToken: undefined }, message);
  const logger: TemporalLogger = {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
  Runtime.install({ logger, shutdownSignals: [] });
}

/** Connects, however long the server takes to come up; null when stopped before. */
export async function connectToTemporal(
  address: string,
  log: Logger,
  signal: AbortSignal,
): Promise<NativeConnection | null> {
  for (let delayMs = 500; !signal.aborted; delayMs = Math.min(delayMs * 2, 5_000)) {
    try {
      return await NativeConnection.connect({ address });
    } catch (error) {
      log.warn({ err: error, address }, 'temporal is not reachable yet');
      await sleep(delayMs, undefined, { signal }).catch(() => null);
    }
  }
  return null;
}

/** Registers the search attributes our workflows carry, where the server does not know them yet. */
export async function ensureSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
  });
}
