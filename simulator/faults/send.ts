import type { ServerResponse } from 'node:http';
import type { Reply } from '../api/reply.ts';
import type { FaultBoard } from './fault-board.ts';

/** Sends a reply, or as much of it as the armed transport faults let through. */
export function send(
  response: ServerResponse,
  reply: Reply,
  faults: FaultBoard | null,
  operationId: string | null,
): void {
  const { status, headers, body } = reply;
  const half = body.subarray(0, Math.floor(body.length / 2));
  const skewed = faults?.take('clock-skew', operationId);
  if (skewed !== undefined) {
    response.setHeader('date', new Date(Date.now() + skewed.fault.seconds * 1_000).toUTCString());
  }
  const begin = (length: number) => {
    response.writeHead(status, { ...headers, 'content-length': length });
    response.flushHeaders();
  };

  if (faults?.take('truncated-json', operationId) !== undefined) {
    begin(half.length);
    response.end(half);
    return;
  }
  if (faults?.take('hang', operationId, (fault) => fault.at === 'body') !== undefined) {
    begin(body.length + 1);
    response.write(half);
    return;
  }
  if (faults?.take('reset', operationId, (fault) => fault.at === 'body') !== undefined) {
    begin(body.length + 1);
    response.write(half, () => response.socket?.resetAndDestroy());
    return;
  }
  if (faults?.take('wrong-length', operationId) !== undefined) {
    begin(body.length + 10);
    response.write(body, () => response.socket?.end());
    return;
  }
  const slow = faults?.take('slow-body', operationId);
  begin(body.length);
  if (slow === undefined) response.end(body);
  else trickle(response, body, slow.fault.bytesPerSecond);
}

function trickle(response: ServerResponse, body: Buffer, bytesPerSecond: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + bytesPerSecond));
    sent += bytesPerSecond;
    if (sent >= body.length) response.end();
  }, 1_000);
  response.once('close', () => clearInterval(timer));
}
