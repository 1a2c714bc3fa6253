import { setTimeout as sleep } from 'node:timers/promises';
import type { BootstrapStatus, RunStatus } from '../../src/domain/bootstrap-status.ts';
import type { ProgressPrinter } from './progress.ts';

export interface WatchOptions {
  readonly statusUrl: string;
  /** A fresh user token. */
  readonly openToken: () => Promise<string>;
  readonly createPrinter: (entities: number) => ProgressPrinter;
  /** Ends the watching with an AbortError. */
  readonly signal: AbortSignal;
  readonly intervalMs?: number;
}

const underWay: readonly RunStatus[] = ['NOT_STARTED', 'PENDING', 'RUNNING', 'PAUSED'];
/** An API that is just being started again is given this long. */
const refusalLimitMs = 30_000;

async function fetchStatus(url: string, token: string): Promise<BootstrapStatus | string> {
  try {
    const response = await fetch(url, { headers: { 'x-addon-token': token } });
    if (response.ok) return (await response.json()) as BootstrapStatus;
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Prints the progress until the run has ended, well or not, and returns its last status. */
export async function watchBootstrap(options: WatchOptions): Promise<BootstrapStatus> {
  const { statusUrl, openToken, createPrinter, signal, intervalMs = 500 } = options;
  let token = await openToken();
  let printer: ProgressPrinter | undefined;
  let answeredAt = Date.now();
  for (; ; await sleep(intervalMs, undefined, { signal })) {
    const status = await fetchStatus(statusUrl, token);
    signal.throwIfAborted();
    if (typeof status === 'string') {
      if (Date.now() - answeredAt > refusalLimitMs) throw new Error(`${statusUrl} does not answer: ${status}`);
      if (status.startsWith('401')) token = await openToken();
      continue;
    }
    answeredAt = Date.now();
    printer ??= createPrinter(status.entities.length);
    printer.print(status);
    if (!underWay.includes(status.status)) return status;
  }
}
