import { createEventParser, type StreamEvent } from './event-parser.ts';

interface Reading {
  readonly response: Response;
  readonly take: (event: StreamEvent) => void;
  /** Runs after so many milliseconds without a byte. */
  readonly onSilence: () => void;
  readonly longestSilenceMs: number;
}

/** Reads an event stream to its end. Throws what the connection throws when it breaks. */
export async function readEvents({ response, take, onSilence, longestSilenceMs }: Reading): Promise<void> {
  const parse = createEventParser();
  const pieces = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let alarm = setTimeout(onSilence, longestSilenceMs);
  try {
    for (let piece = await pieces?.read(); piece !== undefined && !piece.done; piece = await pieces?.read()) {
      clearTimeout(alarm);
      alarm = setTimeout(onSilence, longestSilenceMs);
      parse(piece.value).forEach(take);
    }
  } finally {
    clearTimeout(alarm);
  }
}
