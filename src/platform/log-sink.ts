import { write, writeSync } from 'node:fs';
import { promisify } from 'node:util';

export interface LogSinkOptions {
  /** File descriptor; standard output unless told otherwise. */
  readonly fd?: number;
  /** Bytes that may wait to be written. */
  readonly mostWaiting?: number;
  /** Called for each line that nobody will read. */
  readonly onDrop?: () => void;
}

export interface LogSink {
  /** Takes one line, with its line break. Never throws and never waits. */
  write(line: string): void;
}

const writeBytes = promisify(write);

/** A reader that is behind is asked again so often. */
const pauseMs = 100;

/**
 * Writes lines in their order. A disk that is full or a reader that stands still costs lines, never the process: pino's
 * own destination waits for both.
 */
export function createLogSink({ fd = 1, mostWaiting = 4 * 1_048_576, onDrop }: LogSinkOptions = {}): LogSink {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let isWriting = false;

  function take(): Buffer[] {
    const lines = waiting;
    waiting = [];
    waitingBytes = 0;
    return lines;
  }

  /** The lines go out together; those that cannot are dropped together. */
  async function drain(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const lines = take();
      if (!(await writeWhole(fd, Buffer.concat(lines)))) lines.forEach(() => onDrop?.());
    }
    isWriting = false;
  }

  process.once('exit', () => {
    // A write under way may never end, and then neither would this one.
    if (isWriting || waiting.length === 0) return;
    try {
      writeSync(fd, Buffer.concat(take()));
    } catch {
      // Nobody is left to tell.
    }
  });

  return {
    write(line) {
      const bytes = Buffer.from(line);
      if (waitingBytes + bytes.length > mostWaiting) {
        onDrop?.();
        return;
      }
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (!isWriting) void drain();
    },
  };
}

/** False when the rest cannot be written. */
async function writeWhole(fd: number, bytes: Buffer): Promise<boolean> {
  for (let from = 0; from < bytes.length;) {
    try {
      from += (await writeBytes(fd, bytes, from)).bytesWritten;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false;
      await new Promise((resolve) => void setTimeout(resolve, pauseMs));
    }
  }
  return true;
}
