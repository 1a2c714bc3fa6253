import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

async function newestChange(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const changes = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  return Math.max(0, ...changes);
}

/** Whether a source file is newer than the built page, or there is none. */
export async function isBuildStale(sources: string, builtPage: string): Promise<boolean> {
  const built = await stat(builtPage).catch(() => undefined);
  return built === undefined || (await newestChange(sources)) > built.mtimeMs;
}

/** Builds the sidebar's pages unless they are newer than their sources. */
export async function ensureUi(root: string, log: (line: string) => void): Promise<void> {
  const sources = ['src/ui', 'src/domain'].map((folder) =>
    isBuildStale(join(root, folder), join(root, 'dist/ui/index.html')),
  );
  if (!(await Promise.all(sources)).includes(true)) return;
  log('Building the sidebar');
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  // Jest sets another NODE_ENV, and Vite would build what is for developing.
  const env = { ...process.env, NODE_ENV: 'production' };
  await run(process.execPath, [vite, 'build', 'src/ui'], { cwd: root, env });
}
