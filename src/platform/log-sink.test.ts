import { afterEach, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { waitUntil } from '../../test/support/wait-until.ts';
import { createLogSink } from './log-sink.ts';

const directory = mkdtempSync(join(tmpdir(), 'log-sink-'));
let open: number[] = [];
afterEach(() => {
  open.forEach((fd) => closeSync(fd));
  open = [];
  rmSync(directory, { recursive: true, force: true });
});

function openFile(path: string, flags: string | number): number {
  const fd = openSync(path, flags);
  open.push(fd);
  return fd;
}

/** A pipe whose reader stands still until somebody reads from it. */
function makePipe(): number {
  execFileSync('mkdir', ['-p', directory]);
  const path = join(directory, 'pipe');
  execFileSync('mkfifo', [path]);
  return openFile(path, constants.O_RDWR | constants.O_NONBLOCK);
}

describe('lines', () => {
  it('are written in their order', async () => {
    execFileSync('mkdir', ['-p', directory]);
    const path = join(directory, 'log');
    const lines = Array.from({ length: 1_000 }, (_, index) => `${index}\n`);
    const sink = createLogSink({ fd: openFile(path, 'w') });
    lines.forEach((line) => sink.write(line));
    await waitUntil(() => readFileSync(path, 'utf8') === lines.join(''));
  });

  it('are written when the process ends at once', async () => {
    const script = `import { createLogSink } from ${JSON.stringify(join(import.meta.dirname, 'log-sink.ts'))};
      const sink = createLogSink();
      setImmediate(() => { sink.write('first\\n'); process.exit(0); });`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(await text(child.stdout)).toBe('first\n');
  });
});

describe('a full disk', () => {
  it('costs the lines, each counted, and nothing else', async () => {
    let dropped = 0;
    const sink = createLogSink({ fd: openFile('/dev/full', 'w'), onDrop: () => (dropped += 1) });
    sink.write('one\n');
    sink.write('two\n');
    await waitUntil(() => dropped === 2);
  });

  it('does not keep a process from ending', async () => {
    const script = `import { createLogSink } from ${JSON.stringify(join(import.meta.dirname, 'log-sink.ts'))};
      createLogSink().write('lost\\n');`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', openFile('/dev/full', 'w'), 'inherit'],
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('a reader that stands still', () => {
  it('costs what does not fit any more, and gets the rest when it reads again', async () => {
    let dropped = 0;
    const fd = makePipe();
    const sink = createLogSink({ fd, mostWaiting: 100_000, onDrop: () => (dropped += 1) });
    const line = `${'x'.repeat(999)}\n`;
    let written = 0;
    for (; dropped === 0; written++) {
      sink.write(line);
      if (written % 50 === 0) await new Promise(setImmediate);
    }
    const bytes = Buffer.alloc(1_000_000);
    let read = 0;
    await waitUntil(() => {
      try {
        read += readSync(fd, bytes, 0, bytes.length, null);
      } catch {
        // Nothing to read at the moment.
      }
      return read === (written - dropped) * line.length;
    });
  });
});
