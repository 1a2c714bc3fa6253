import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
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

/** Sends the request over the connection, and the answer back as it comes. Whoever breaks off ends it for both. */
function pass(incoming: IncomingMessage, outgoing: ServerResponse, socket: Socket): void {
  const { method, url, rawHeaders } = incoming;
  const forwarded = request({ method, path: url, headers: rawHeaders, createConnection: () => socket });
  forwarded.once('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders).flushHeaders();
    answer.pipe(outgoing);
    answer.once('error', () => outgoing.destroy());
  });
  forwarded.once('error', () => outgoing.destroy());
  outgoing.once('close', () => socket.destroy());
  incoming.pipe(forwarded);
}

/**
 * Listens on 127.0.0.1 in front of several HTTP servers: each request goes to the next of them in turn, past those that
 * do not answer. With all of them down it answers 502.
 */
export async function startForwarder({ port = 0, targets }: ForwarderOptions): Promise<Forwarder> {
  let turn = 0;

  async function openNext(): Promise<Socket | undefined> {
    for (let tried = 0; tried < targets.length; tried += 1) {
      const socket = await open(targets[turn++ % targets.length] as number);
      if (socket !== undefined) return socket;
    }
    return undefined;
  }

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const socket = await openNext();
    if (socket === undefined) outgoing.writeHead(502).end();
    else pass(incoming, outgoing, socket);
  }

  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing));
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
