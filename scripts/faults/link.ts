import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LinkOptions {
  readonly delayMs: () => number;
  /** Hears what the client says before it is passed on. */
  readonly onSaid: (link: Link, said: Said) => void;
}

/** What a client said, in lower case; `before` is the end of what it had said until then. */
export interface Said {
  readonly before: string;
  readonly text: string;
}

/** One connection through a proxy. */
export interface Link {
  readonly ended: Promise<unknown>;
  /** Whether the client has said all markers in their order; remembers how far it came. */
  hasReached(markers: readonly string[], said: Said): boolean;
  /** Holds back everything from here on in that direction. */
  stop(side: 'request' | 'answer'): void;
  release(): void;
  freeze(): void;
  cut(): void;
}

/** A marker may be cut in two by the network: so much of what was said before is looked at again. */
const overlap = 64;

/** Passes on what both ends say, until it is told otherwise. */
export function createLink(client: Socket, server: Socket, { delayMs, onSaid }: LinkOptions): Link {
  const gates = { request: openGate(), answer: openGate() };
  const progress = new Map<readonly string[], number>();
  const ended = Promise.all([closeOf(client), closeOf(server)]);
  for (const socket of [client, server]) {
    socket.on('error', () => {});
    socket.setNoDelay(true);
  }

  const cut = (): void => {
    reset(client);
    reset(server);
  };
  const link: Link = {
    ended,
    hasReached(markers, { before, text }) {
      let reached = progress.get(markers) ?? 0;
      for (let from = 0; reached < markers.length; reached++) {
        const marker = markers[reached] ?? '';
        const at = (before + text).indexOf(marker, Math.max(from, before.length - marker.length + 1));
        if (at < 0) break;
        from = at + marker.length;
      }
      progress.set(markers, reached);
      return reached === markers.length;
    },
    stop: (side) => gates[side].shut(),
    release: () => [gates.request, gates.answer].forEach((gate) => gate.open()),
    freeze: () => [gates.request, gates.answer].forEach((gate) => gate.shut()),
    cut,
  };

  /** A message that comes in several pieces is delayed once. */
  let isNewTurn = true;

  async function passRequests(): Promise<void> {
    let before = '';
    for await (const chunk of client as AsyncIterable<Buffer>) {
      const text = chunk.toString('latin1').toLowerCase();
      onSaid(link, { before, text });
      before = (before + text).slice(-overlap);
      if (isNewTurn && delayMs() > 0) await sleep(delayMs());
      isNewTurn = false;
      await gates.request.passage();
      await write(server, chunk);
    }
    await gates.request.passage();
    server.end();
  }

  async function passAnswers(): Promise<void> {
    for await (const chunk of server as AsyncIterable<Buffer>) {
      await gates.answer.passage();
      await write(client, chunk);
      isNewTurn = true;
    }
    await gates.answer.passage();
    client.end();
  }

  void passRequests().catch(cut);
  void passAnswers().catch(cut);
  return link;
}

/** A socket that is ending already cannot be reset: Node would keep it for ever. */
export const reset = (socket: Socket): unknown => (socket.writableEnded ? socket.destroy() : socket.resetAndDestroy());

/** Unlike `once`, which rejects when an error comes first. */
const closeOf = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));

async function write(socket: Socket, chunk: Buffer): Promise<void> {
  if (!socket.write(chunk)) await once(socket, 'drain');
}

function openGate() {
  let shut: PromiseWithResolvers<void> | undefined;
  return {
    shut: (): void => void (shut ??= Promise.withResolvers<void>()),
    open(): void {
      shut?.resolve();
      shut = undefined;
    },
    passage: (): Promise<void> => shut?.promise ?? Promise.resolve(),
  };
}
