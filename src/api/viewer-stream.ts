import type { Context } from 'koa';
import { clockSkew } from '../domain/token-kind.ts';
import type { StreamEndCode } from '../domain/status-events.ts';
import { createEventStream } from './event-stream.ts';
import type { EventStream } from './event-stream.ts';

/** The longest that a timer of Node can wait. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Answers with server-sent events for as long as the viewer's token is good. `subscribe` begins to send, and returns
 * what stops it; it is given the place to resume from, '' for none.
 */
export function streamToViewer(
  ctx: Context,
  { exp }: { readonly exp: number },
  subscribe: (stream: Pick<EventStream, 'send'>, lastEventId: string, end: (code: StreamEndCode) => void) => () => void,
): void {
  const stream = createEventStream();
  const end = (code: StreamEndCode): void => stream.end({ event: 'end', data: { code } });
  const stop = subscribe(stream, ctx.get('last-event-id'), end);
  const expiry = setTimeout(() => end('invalid_token'), msUntilRefused(exp));
  stream.body.once('close', () => {
    clearTimeout(expiry);
    stop();
  });
  ctx.type = 'text/event-stream';
  // A connection that stays open behind the stream would hold up a server that stops.
  ctx.set({ 'X-Accel-Buffering': 'no', Connection: 'close' });
  ctx.body = stream.body;
}

/** Until a new request with the same token would be refused. */
const msUntilRefused = (exp: number): number =>
  Math.min(Math.max((exp + clockSkew) * 1000 - Date.now(), 0), longestTimerMs);
