import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import type { StatusEvents } from '../../domain/status-events.ts';
import { isDenial, isErrorCode, Refusal } from '../refusal.ts';
import { retryDelayMs } from './backoff.ts';
import type { StreamEvent } from './event-parser.ts';
import { readEvents } from './event-reader.ts';

/** `lost`: the next attempt comes by itself; `refused`: only the viewer can change the answer. */
type Connection = 'connecting' | 'live' | 'lost' | 'refused';

export interface LiveState {
  /** The newest status that came, also while the connection is lost; null before the first, and after a denial. */
  readonly status: BootstrapStatus | null;
  readonly connection: Connection;
  /** Why the connection was lost or refused. */
  readonly refusal: Refusal | null;
}

export type LiveStatus = ReturnType<typeof createLiveStatus>;

interface LiveStatusOptions {
  /** Throws a refusal. */
  readonly open: (lastEventId: string, signal: AbortSignal) => Promise<Response>;
  readonly delayMs?: (failures: number) => number;
  /** A connection that lasted so long was a good one. */
  readonly stableAfterMs?: number;
  /** The server says something every 15 s. */
  readonly longestSilenceMs?: number;
}

/** Follows the status while it is started: comes back after every loss, and resumes where it was. */
export function createLiveStatus(options: LiveStatusOptions) {
  const { open, delayMs = retryDelayMs, stableAfterMs = 5_000, longestSilenceMs = 40_000 } = options;
  const watchers = new Set<() => void>();
  let state: LiveState = { status: null, connection: 'connecting', refusal: null };
  let lastEventId = '';
  let running: AbortController | null = null;

  function change(next: Partial<LiveState>): void {
    state = { ...state, ...next };
    for (const watcher of watchers) watcher();
  }

  function take({ type, data, lastEventId: id }: StreamEvent): void {
    if (type === 'status') {
      lastEventId = id;
      change({ status: JSON.parse(data) as StatusEvents['status'] });
    }
    if (type === 'end') throw refusalOf(JSON.parse(data) as StatusEvents['end']);
  }

  /** What may not be seen any more is forgotten. */
  function deny(refusal: Refusal): void {
    lastEventId = '';
    change({ status: null, connection: 'refused', refusal });
  }

  /** One connection, from its opening to the refusal that ended it. */
  async function connect(stopped: AbortSignal): Promise<Refusal> {
    const silent = new AbortController();
    try {
      const response = await open(lastEventId, AbortSignal.any([stopped, silent.signal]));
      change({ connection: 'live', refusal: null });
      await readEvents({ response, take, longestSilenceMs, onSilence: () => silent.abort() });
      return new Refusal('unreachable');
    } catch (error) {
      silent.abort();
      return error instanceof Refusal ? error : new Refusal('unreachable');
    }
  }

  async function follow(stopped: AbortSignal): Promise<void> {
    let failures = 0;
    while (!stopped.aborted) {
      const openedAt = performance.now();
      const refusal = await connect(stopped);
      if (stopped.aborted) return;
      if (isDenial(refusal)) return deny(refusal);
      change({ connection: 'lost', refusal });
      failures = performance.now() - openedAt > stableAfterMs ? 1 : failures + 1;
      await sleep(delayMs(failures), stopped);
    }
  }

  function stop(): void {
    running?.abort();
    running = null;
  }

  function start(): void {
    if (running !== null) return;
    running = new AbortController();
    void follow(running.signal);
  }

  return {
    getState: () => state,
    subscribe: (watcher: () => void) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    start,
    stop,
    /** Connects again at once, for instance with a new token; nothing happens while it is stopped. */
    restart: () => {
      if (running === null) return;
      stop();
      start();
    },
  };
}

function refusalOf({ code }: StatusEvents['end']): Refusal {
  return isErrorCode(code) ? new Refusal(code) : new Refusal('unreachable');
}

function sleep(milliseconds: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    stopped.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
