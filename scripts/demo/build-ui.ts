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
  if (!(await isBuildStale(join(root, 'src/ui'), join(root, 'dist/ui/index.html')))) return;
  log('Building the sidebar');
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  await run(process.execPath, [vite, 'build', 'src/ui'], { cwd: root });
}
