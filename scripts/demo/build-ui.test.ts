import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isBuildStale } from './build-ui.ts';

let root: string;
let sources: string;
let page: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ui-'));
  sources = join(root, 'src');
  page = join(root, 'index.html');
  await mkdir(join(sources, 'views'), { recursive: true });
  await writeFile(join(sources, 'views', 'list.tsx'), '');
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('a page that was never built is stale', async () => {
  expect(await isBuildStale(sources, page)).toBe(true);
});

test.each([
  ['older than the page', 1000, false],
  ['newer than the page', 3000, true],
])('with a source in a folder below that is %s, stale is %j', async (_title, changedAt, stale) => {
  await writeFile(page, '');
  await utimes(page, 2000, 2000);
  await utimes(join(sources, 'views', 'list.tsx'), changedAt, changedAt);
  expect(await isBuildStale(sources, page)).toBe(stale);
});
