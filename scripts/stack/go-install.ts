import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface GoInstallOptions {
  /** What is built, for the progress lines. */
  readonly title: string;
  /** As `go install` takes them: `path@version`. */
  readonly packages: readonly string[];
  readonly into: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

const progressEveryMs = 15_000;

async function assertGo(env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await run('go', ['version'], { env });
  const [, major = 0, minor = 0] = (/go(\d+)\.(\d+)/.exec(stdout) ?? []).map(Number);
  if (major < 1 || (major === 1 && minor < 25)) throw new Error(`Go 1.25 or newer is needed, this is ${stdout.trim()}`);
}

/** Builds programs from source into the directory (minutes from empty caches), telling how far it is. */
export async function goInstall({ title, packages, into, env, log }: GoInstallOptions): Promise<void> {
  await assertGo(env);
  log(`Building ${title} with Go: some minutes, once`);
  const args = ['install', '-v', '-trimpath', '-ldflags=-s -w', ...packages];
  const go = spawn('go', args, { env: { ...env, GOBIN: into }, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(go, 'close');
  const startedAt = Date.now();
  let steps = 0;
  let lastLine = '';
  createInterface({ input: go.stderr }).on('line', (line) => {
    steps += 1;
    lastLine = line;
  });
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    log(`Building ${title}: ${seconds} s, ${steps} steps, now ${lastLine}`);
  }, progressEveryMs);
  try {
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`go install failed: ${lastLine}`);
  } finally {
    clearInterval(progress);
  }
}
