import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const cache = resolve('node_modules/.cache');
const script = `import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())`;

/**
 * The path of the Chromium that npm brought, unpacked on first use. The package unpacks into the temporary directory
 * and takes a half-written file for a finished one; here each process unpacks aside, and the first rename wins.
 */
export async function unpackChromium(): Promise<string> {
  const { version } = JSON.parse(await readFile('node_modules/@sparticuz/chromium/package.json', 'utf8'));
  const home = join(cache, `chromium-${version}`);
  if (!existsSync(home)) await unpackInto(home);
  return join(home, 'chromium');
}

async function unpackInto(home: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(`${home}-`);
  await promisify(execFile)(process.execPath, ['-e', script], { env: { ...process.env, TMPDIR: aside } });
  await rename(aside, home).catch(() => rm(aside, { recursive: true }));
}
