import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface BuildOptions {
  readonly version: string;
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

/** Builds the CLI from source into the directory (three minutes on two cores from empty caches), telling how far it is. */
export async function buildTemporal({ version, into, env, log }: BuildOptions): Promise<void> {
  await assertGo(env);
  log(`Building the Temporal CLI ${version} with Go: some minutes, once`);
  const args = ['install', '-v', '-trimpath', '-ldflags=-s -w', `github.com/temporalio/cli/cmd/temporal@v${version}`];
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
    log(`Building the Temporal CLI: ${seconds} s, ${steps} steps, now ${lastLine}`);
  }, progressEveryMs);
  try {
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`go install failed: ${lastLine}`);
  } finally {
    clearInterval(progress);
  }
}
