import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';

interface ServerEvent {
  readonly event: string;
  /** What a reader names in Last-Event-ID when it comes back. */
  readonly id?: string;
  readonly data: unknown;
}

export interface EventStream {
  readonly body: Readable;
  /** False: the reader is behind, and the event was not taken. */
  send(event: ServerEvent): boolean;
  end(last: ServerEvent): void;
}

/** Proxies close what is silent for a minute. */
const keepAliveMs = 15_000;

/** The body of an answer that goes on: server-sent events in the form of the HTML standard. */
export function createEventStream(everyMs = keepAliveMs): EventStream {
  const body = new PassThrough();
  // A first line brings the headers to the reader, also when there is nothing to tell yet.
  body.write(': connected\n\n');
  const takesMore = (): boolean => !body.writableNeedDrain && !body.writableEnded && !body.destroyed;
  let timer: NodeJS.Timeout | undefined;
  const stopTimer = (): void => clearInterval(timer);
  // Not before it is read: a request that is refused in the end leaves no timer behind.
  body.once('resume', () => {
    timer = setInterval(() => takesMore() && body.write(': keep-alive\n\n'), everyMs);
  });
  body.once('close', stopTimer);

  return {
    body,
    send(event) {
      if (!takesMore()) return false;
      body.write(formatEvent(event));
      return true;
    },
    end(last) {
      stopTimer();
      if (!body.writableEnded && !body.destroyed) body.end(formatEvent(last));
    },
  };
}

/** JSON has no line breaks of its own, so one data line is enough. */
const formatEvent = ({ event, id, data }: ServerEvent): string =>
  `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
