import { readFile, rename, writeFile } from 'node:fs/promises';

/** Undefined when there is no file yet; throws with `advice` when there is one that cannot be read. */
export async function readStateFile<State>(file: string, advice: string): Promise<State | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as State;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read: ${advice}`, { cause: error });
  }
}

/** Replaces the file, for its owner alone; a kill in the middle leaves the old one. */
export async function writeStateFile(file: string, state: object): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
