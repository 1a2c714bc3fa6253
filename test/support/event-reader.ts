import { createEventParser } from '../../src/ui/live/event-parser.ts';
import type { StreamEvent } from '../../src/ui/live/event-parser.ts';

/** An open stream of server-sent events. */
export interface EventReader {
  readonly response: Response;
  /** The next event; undefined when the stream has ended. */
  next(): Promise<StreamEvent | undefined>;
  /** Everything that came so far, comments included. */
  text(): string;
  /** Goes away, as a closed tab does. */
  leave(): void;
}

export async function openEvents(url: string, headers: Readonly<Record<string, string>>): Promise<EventReader> {
  const leaving = new AbortController();
  const response = await fetch(url, { headers, signal: leaving.signal });
  let pieces: ReadableStreamDefaultReader<string> | undefined;
  const parse = createEventParser();
  const waiting: StreamEvent[] = [];
  let text = '';

  return {
    response,
    async next() {
      // Not before: a refusal is read whole.
      pieces ??= response.body?.pipeThrough(new TextDecoderStream()).getReader();
      while (waiting.length === 0) {
        const piece = await pieces?.read();
        if (piece === undefined || piece.done) return undefined;
        text += piece.value;
        waiting.push(...parse(piece.value));
      }
      return waiting.shift();
    },
    text: () => text,
    leave: () => leaving.abort(),
  };
}
