import type { StreamEndCode } from '../../domain/status-events.ts';
import { isDenial, isErrorCode, Refusal } from '../refusal.ts';
import { retryDelayMs } from './backoff.ts';
import type { StreamEvent } from './event-parser.ts';
import { readEvents } from './event-reader.ts';

/** `lost`: the next attempt comes by itself; `refused`: only the viewer can change the answer. */
type Connection = 'connecting' | 'live' | 'lost' | 'refused';

export interface StreamState {
  readonly connection: Connection;
  /** Why the connection was lost or refused. */
  readonly refusal: Refusal | null;
}

export const notConnected: StreamState = { connection: 'connecting', refusal: null };

export interface ConnectionOptions {
  /** Throws a refusal. */
  readonly open: (lastEventId: string, signal: AbortSignal) => Promise<Response>;
  readonly delayMs?: (failures: number) => number;
  /** A connection that lasted so long was a good one. */
  readonly stableAfterMs?: number;
  /** The server says something every 15 s. */
  readonly longestSilenceMs?: number;
}

interface StreamOptions<State extends StreamState> extends ConnectionOptions {
  /** Before anything came, and after a denial: what may not be seen any more is forgotten. */
  readonly initial: State;
  /** What an event changes. */
  readonly take: (event: StreamEvent, state: State) => Partial<State>;
}

export type LiveStream<State extends StreamState> = ReturnType<typeof createLiveStream<State>>;

/** Follows a stream of events while it is started: comes back after every loss, and resumes where it was. */
export function createLiveStream<State extends StreamState>(options: StreamOptions<State>) {
  const { open, initial, delayMs = retryDelayMs, stableAfterMs = 5_000, longestSilenceMs = 40_000 } = options;
  const watchers = new Set<() => void>();
  let state = initial;
  let lastEventId = '';
  let running: AbortController | null = null;

  function change(next: Partial<State> | Partial<StreamState>): void {
    state = { ...state, ...next };
    for (const watcher of watchers) watcher();
  }

  function take(event: StreamEvent): void {
    if (event.type === 'end') throw refusalOf(JSON.parse(event.data) as { readonly code: StreamEndCode });
    lastEventId = event.lastEventId;
    change(options.take(event, state));
  }

  function deny(refusal: Refusal): void {
    lastEventId = '';
    change({ ...initial, connection: 'refused', refusal });
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

function refusalOf({ code }: { readonly code: StreamEndCode }): Refusal {
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
