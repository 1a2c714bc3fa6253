import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { loadDocuments } from './activities.ts';

const documents = ['openapi.json', 'manifest.json'] as const;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'documents-'));
  for (const name of documents) await cp(new URL(`../../${name}`, import.meta.url), join(root, name));
});

afterEach(() => rm(root, { recursive: true }));

const load = () => loadDocuments(pathToFileURL(`${root}/`));

it('reads the catalogue and the manifest', () => {
  const { catalogue, manifest } = load();
  expect(catalogue.has('getProjects')).toBe(true);
  expect(manifest.webhooks).toHaveLength(51);
});

it.each(documents)('refuses to start without %s', async (name) => {
  await rm(join(root, name));
  expect(load).toThrow(name);
});

it.each(documents)('refuses to start with an empty %s', async (name) => {
  await writeFile(join(root, name), '{}');
  expect(load).toThrow();
});
