import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface Forwarder {
  readonly port: number;
  stop(): Promise<void>;
}

export interface ForwarderOptions {
  /** Absent: any free one. */
  readonly port?: number;
  /** Ports of 127.0.0.1. */
  readonly targets: readonly number[];
}

async function open(port: number): Promise<Socket | undefined> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return socket;
  } catch {
    return undefined;
  }
}

/**
 * Listens on 127.0.0.1 in front of several servers: each connection goes to the next of them in turn, past those that
 * do not answer.
 */
export async function startForwarder({ port = 0, targets }: ForwarderOptions): Promise<Forwarder> {
  const sockets = new Set<Socket>();
  const hold = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  };
  let turn = 0;

  async function openNext(): Promise<Socket | undefined> {
    for (let tried = 0; tried < targets.length; tried += 1) {
      const target = targets[turn++ % targets.length] as number;
      const socket = await open(target);
      if (socket !== undefined) return socket;
    }
    return undefined;
  }

  async function forward(caller: Socket): Promise<void> {
    const target = await openNext();
    if (target === undefined) return void caller.destroy();
    hold(target);
    // One side that breaks off ends the other; what it has sent by then still arrives.
    target.once('close', () => caller.end());
    caller.once('close', () => target.end());
    caller.pipe(target).pipe(caller);
  }

  const server = createServer((caller) => {
    hold(caller);
    void forward(caller);
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
