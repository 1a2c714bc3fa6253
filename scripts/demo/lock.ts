import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAlive } from '../stack/process-state.ts';

async function readHolder(file: string): Promise<number> {
  return Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
}

/**
 * Makes the file with our process id in it, and returns what removes it again. Throws when another running process of
 * that name holds it; one left by a killed process is taken over.
 */
export async function takeLock(file: string, processName: string): Promise<() => Promise<void>> {
  await mkdir(dirname(file), { recursive: true });
  const holder = await readHolder(file);
  if (Number.isInteger(holder) && holder !== process.pid && isAlive(holder, processName)) {
    throw new Error(`Another run (process ${holder}) holds ${file}`);
  }
  await rm(file, { force: true });
  await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
  return () => rm(file, { force: true });
}
