import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSpool } from './spool.ts';
import { createTokenSeal } from './token-seal.ts';

const seal = createTokenSeal([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
let directory: string;

beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'spool-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

const readAll = async (spool: ReturnType<typeof createSpool>) =>
  Promise.all((await spool.entries()).map((entry) => entry.read()));

test('records come back in the order in which they were written, also for another process', async () => {
  const spool = createSpool(join(directory, 'new', 'place'), seal);
  for (const event of ['installed', 'status-changed', 'deleted']) await spool.append({ event });
  const later = createSpool(join(directory, 'new', 'place'), seal);
  expect(await readAll(later)).toEqual([{ event: 'installed' }, { event: 'status-changed' }, { event: 'deleted' }]);
});

test('a spool that was never written to is empty', async () => {
  expect(await createSpool(join(directory, 'absent'), seal).entries()).toEqual([]);
});

test('a removed record is gone, and removing it again is harmless', async () => {
  const spool = createSpool(directory, seal);
  await spool.append({ event: 'installed' });
  const [entry] = await spool.entries();
  await spool.remove(entry?.id ?? '');
  await spool.remove(entry?.id ?? '');
  expect(await spool.entries()).toEqual([]);
});

test('the disk holds no plaintext, and no half-written file counts', async () => {
  const spool = createSpool(directory, seal);
  await spool.append({ authToken: 'hunter2' });
  await writeFile(join(directory, 'half.draft'), 'v1.');
  const files = await readdir(directory);
  const contents = await Promise.all(files.map((name) => readFile(join(directory, name), 'utf8')));
  expect(contents.join('')).not.toContain('hunter2');
  expect(await spool.entries()).toHaveLength(1);
});

test('a record that was changed, or put in the place of another, is refused and can be set aside', async () => {
  const spool = createSpool(directory, seal);
  await spool.append({ event: 'installed' });
  await spool.append({ event: 'deleted' });
  const [first, second] = (await readdir(directory)).sort();
  await writeFile(join(directory, first ?? ''), await readFile(join(directory, second ?? '')));

  const [damaged, intact] = await spool.entries();
  await expect(damaged?.read()).rejects.toThrow('cannot be opened');
  await spool.setAside(damaged?.id ?? '');
  expect(await readAll(spool)).toEqual([await intact?.read()]);
});

test('a place that cannot be written to fails the append', async () => {
  await writeFile(join(directory, 'file'), '');
  await expect(createSpool(join(directory, 'file'), seal).append({})).rejects.toThrow();
});
