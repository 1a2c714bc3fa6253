import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenSeal } from './token-seal.ts';

const ending = '.sealed';

export interface SpoolEntry {
  readonly id: string;
  /** Opens the record; throws when the file was damaged or its key is gone. */
  readonly read: () => Promise<unknown>;
}

export type Spool = ReturnType<typeof createSpool>;

/** A directory of encrypted records that outlives the process: the second durable place while the database is away. */
export function createSpool(directory: string, seal: TokenSeal) {
  let sequence = 0;

  /** Names sort by time, then by order within this process. */
  const nextId = (): string =>
    [String(Date.now()).padStart(15, '0'), String(sequence++).padStart(9, '0'), randomUUID()].join('-');

  const pathOf = (id: string): string => join(directory, `${id}${ending}`);

  return {
    /** Resolves once the record is on the disk; a crash after that cannot lose it. */
    async append(record: unknown): Promise<void> {
      const id = nextId();
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const draft = join(directory, `${id}.draft`);
      await writeDurably(draft, seal.seal(JSON.stringify(record), contextOf(id)));
      await rename(draft, pathOf(id));
      await syncDirectory(directory);
    },

    /** The records, oldest first. */
    async entries(): Promise<SpoolEntry[]> {
      const ids = (await listFiles(directory)).filter((name) => name.endsWith(ending)).sort();
      return ids.map((name) => {
        const id = name.slice(0, -ending.length);
        return {
          id,
          read: async () => JSON.parse(seal.open(await readFile(pathOf(id), 'utf8'), contextOf(id)).reveal()),
        };
      });
    },

    remove: (id: string): Promise<void> => rm(pathOf(id), { force: true }),

    /** Keeps a record that cannot be read for a person to look at, out of the way of the others. */
    setAside: (id: string): Promise<void> => rename(pathOf(id), join(directory, `${id}.damaged`)),
  };
}

const contextOf = (id: string): string => `spool/${id}`;

async function listFiles(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
