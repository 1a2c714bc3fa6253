import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface DownloadOptions {
  readonly origin: string;
  readonly version: string;
  readonly into: string;
  readonly log: (line: string) => void;
}

const answerLimitMs = 15_000;
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

async function openArchive(url: string): Promise<Readable> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error('no answer within 15 s')), answerLimitMs);
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok || response.body === null) throw new Error(`answer ${response.status}`);
    return Readable.from(response.body);
  } catch (error) {
    const cause = (error as Error).cause;
    throw new Error(`${url}: ${cause instanceof Error ? cause.message : (error as Error).message}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Unpacks the official archive's `temporal` into the directory. Refused or silent: fails within 15 seconds. */
export async function downloadTemporal({ origin, version, into, log }: DownloadOptions): Promise<void> {
  const architecture = architectures[process.arch] ?? process.arch;
  const archive = await openArchive(
    `${origin}/cli/archive/v${version}?platform=${process.platform}&arch=${architecture}`,
  );
  log(`Downloading the Temporal CLI ${version}`);
  const tar = spawn('tar', ['-xzf', '-', '-C', into, 'temporal'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(tar, 'exit');
  await pipeline(archive, tar.stdin);
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error('the archive cannot be unpacked');
}
