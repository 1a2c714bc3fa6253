// The load generator of the webhook benchmark: a process of its own, so that it does not take the server's time.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What one run sends. Each delivery is the only one with its body. */
export interface LoadPlan {
  readonly port: number;
  readonly targets: readonly LoadTarget[];
  readonly connections: number;
  readonly seconds: number;
  /** Deliveries a second; null: as fast as answers come. */
  readonly rate: number | null;
  /** The number of the first delivery. */
  readonly from: number;
  readonly bodyBytes: number;
}

export interface LoadTarget {
  readonly path: string;
  readonly event: string;
  readonly token: string;
  readonly workspaceId: string;
}

export interface LoadResult {
  readonly sent: number;
  /** Deliveries that were not answered with 200. */
  readonly unanswered: readonly number[];
  readonly statuses: Readonly<Record<string, number>>;
  /** Milliseconds, sorted, of a sample of those answered with 200. */
  readonly waits: readonly number[];
  /** Answers with 200 in each second. */
  readonly perSecond: readonly number[];
}

const digits = 10;
const mostSamples = 200_000;

/** The bytes of a delivery but for its number, and the places where that stands. */
function buildTemplate({ path, event, token, workspaceId }: LoadTarget, bodyBytes: number) {
  const number = '0'.repeat(digits);
  const start = `{"id":"${'5'.repeat(24)}","seq":"${number}","workspaceId":"${workspaceId}","description":"`;
  const body = `${start}${'x'.repeat(Math.max(0, bodyBytes - start.length - 2))}"}`;
  const head =
    `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
    `User-Agent: bench\r\nClockify-Signature: ${token}\r\nClockify-Webhook-Event-Type: ${event}\r\n\r\n`;
  return { bytes: Buffer.from(head + body), at: head.length + start.indexOf(number) };
}

/** One keep-alive connection: a request, then its answer. Resolves with the status; 0 when the connection broke. */
function createConnection(port: number) {
  let socket: Socket | undefined;
  let received = '';
  let settle: ((status: number) => void) | undefined;

  function finish(status: number): void {
    received = '';
    settle?.(status);
    settle = undefined;
  }

  function take(text: string): void {
    received += text;
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/^content-length: (\d+)/im.exec(received)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
    if (/^connection: close/im.test(received.slice(0, end))) close();
    finish(Number(received.slice(9, 12)));
  }

  function close(): void {
    socket?.destroy();
    socket = undefined;
  }

  async function open(): Promise<Socket> {
    const opened = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    opened.on('data', (text: string) => take(text));
    opened
      .on('error', () => {})
      .on('close', () => {
        if (socket === opened) socket = undefined;
        finish(0);
      });
    await Promise.race([once(opened, 'connect'), once(opened, 'close')]);
    return opened;
  }

  return {
    close,
    async send(bytes: Buffer): Promise<number> {
      socket ??= await open();
      const { promise, resolve } = Promise.withResolvers<number>();
      settle = resolve;
      if (socket.destroyed) finish(0);
      else socket.write(bytes);
      return promise;
    },
  };
}

async function run(plan: LoadPlan): Promise<LoadResult> {
  const templates = plan.targets.map((target) => buildTemplate(target, plan.bodyBytes));
  const statuses: Record<string, number> = {};
  const [waits, perSecond, unanswered]: [number[], number[], number[]] = [[], [], []];
  const startedAt = performance.now();
  const endsAt = startedAt + plan.seconds * 1_000;
  let sent = 0;

  function note(number: number, status: number, dueAt: number): void {
    const now = performance.now();
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status !== 200) return void unanswered.push(number);
    const second = Math.floor((now - startedAt) / 1_000);
    perSecond[second] = (perSecond[second] ?? 0) + 1;
    const index = waits.length < mostSamples ? waits.length : Math.floor(Math.random() * mostSamples);
    waits[index] = now - dueAt;
  }

  async function keepSending(): Promise<void> {
    const connection = createConnection(plan.port);
    while (performance.now() < endsAt) {
      const index = sent++;
      // A wait counts from when the delivery was due, not from when a connection was free for it.
      const dueAt = plan.rate === null ? performance.now() : startedAt + (index * 1_000) / plan.rate;
      if (dueAt > performance.now()) await sleep(dueAt - performance.now());
      const { bytes, at } = templates[index % templates.length] as (typeof templates)[number];
      const message = Buffer.from(bytes);
      message.write(String(plan.from + index).padStart(digits, '0'), at, 'latin1');
      const status = await connection.send(message);
      note(plan.from + index, status, dueAt);
      if (status !== 200) await sleep(20);
    }
    connection.close();
  }

  await Promise.all(Array.from({ length: plan.connections }, keepSending));
  const seconds = Array.from({ length: Math.ceil(plan.seconds) }, (_, second) => perSecond[second] ?? 0);
  return { sent, unanswered, statuses, waits: waits.toSorted((a, b) => a - b), perSecond: seconds };
}

process.on('message', (plan: LoadPlan) => {
  void run(plan).then((result) => process.send?.(result));
});
