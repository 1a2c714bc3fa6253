import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createLink, reset } from './link.ts';
import type { Link, Said } from './link.ts';

/** How the proxy treats what is said through it. */
type ProxyMode =
  | { readonly kind: 'open' }
  /** New connections are reset at once. */
  | { readonly kind: 'refuse' }
  /** Connections are accepted and nothing is ever said on them, also after the mode has changed. */
  | { readonly kind: 'silent' }
  /** Each message of a client is held back so long. */
  | { readonly kind: 'slow'; readonly delayMs: number };

/** A moment on one connection: the client has said all of these, in this order. Compared in lower case. */
export interface Moment {
  readonly markers: readonly string[];
  /** `request`: before the last of them leaves; `answer`: it has left, and no answer comes back. */
  readonly side: 'request' | 'answer';
}

/** A connection that is stopped at its moment. */
export interface HeldConnection {
  release(): void;
  /** Resets both ends: what was held back never arrives. */
  cut(): void;
}

export interface FaultProxy {
  readonly port: number;
  setMode(mode: ProxyMode): void;
  /** Resets every connection. */
  cut(): void;
  /** Every connection of now falls silent for ever, as when a cable is pulled. */
  freeze(): void;
  /** Stops the next connection that comes to this moment. */
  hold(moment: Moment, signal?: AbortSignal): Promise<HeldConnection>;
  close(): Promise<void>;
}

/** Stands on 127.0.0.1 before the targets, which take turns; one that refuses is passed over. */
export async function startFaultProxy(targets: readonly number[]): Promise<FaultProxy> {
  const links = new Set<Link>();
  const traps = new Set<Trap>();
  let mode: ProxyMode = { kind: 'open' };
  let turn = 0;

  async function serve(client: Socket): Promise<void> {
    client.on('error', () => {});
    const { kind } = mode;
    if (kind === 'refuse') return void reset(client);
    const server = await connectToAny(targets.map((_, index) => targets[(turn + index) % targets.length] ?? 0));
    turn += 1;
    if (server === null || client.destroyed || !listener.listening) {
      server?.destroy();
      return void reset(client);
    }
    const link = createLink(client, server, { delayMs: () => (mode.kind === 'slow' ? mode.delayMs : 0), onSaid });
    links.add(link);
    if (kind === 'silent') link.freeze();
    void link.ended.then(() => links.delete(link));
  }

  function onSaid(link: Link, said: Said): void {
    for (const trap of traps) {
      if (!link.hasReached(trap.moment.markers, said)) continue;
      traps.delete(trap);
      link.stop(trap.moment.side);
      trap.resolve(link);
    }
  }

  const listener = createServer((client) => void serve(client));
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    setMode: (next) => void (mode = next),
    cut: () => links.forEach((link) => link.cut()),
    freeze: () => links.forEach((link) => link.freeze()),
    hold(moment, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<HeldConnection>();
      const trap = { moment, resolve };
      traps.add(trap);
      signal?.addEventListener('abort', () => {
        traps.delete(trap);
        reject(new Error(`the moment ${moment.markers.join(' … ')} never came`));
      });
      return promise;
    },
    async close() {
      listener.close();
      for (const link of links) link.cut();
      await once(listener, 'close');
    },
  };
}

interface Trap {
  readonly moment: Moment;
  resolve(link: Link): void;
}

async function connectToAny(ports: readonly number[]): Promise<Socket | null> {
  for (const port of ports) {
    const socket = connect(port, '127.0.0.1');
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.once('connect', () => resolve(true)).on('error', () => resolve(false));
    if (await promise) return socket;
  }
  return null;
}
