import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findTemporalBinary, temporalVersion } from './temporal-binary.ts';

const works = (mark: string): string => `#!/bin/sh\n# ${mark}\necho "temporal version ${mark}"\n`;
const broken = '#!/bin/sh\nexit 1\n';

let root: string;
let cached: string;
let cdn: Server;
let archive: Buffer | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'temporal-binary-'));
  cached = join(root, 'cache', 'clockify-api-studio', `temporal-${temporalVersion}`, 'temporal');
  archive = undefined;
  cdn = createServer((_request, response) => {
    if (archive === undefined) response.writeHead(403).end();
    else response.end(archive);
  }).listen(0, '127.0.0.1');
  await once(cdn, 'listening');
});

afterEach(async () => {
  cdn.close();
  await rm(root, { recursive: true, force: true });
});

async function writeProgram(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode: 0o755 });
}

/** `go` that reports this version, and whose `install` writes a binary to GOBIN. */
const writeGo = (version: string): Promise<void> =>
  writeProgram(
    join(root, 'bin', 'go'),
    `#!/bin/sh
if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; exit 0; fi
echo "go.temporal.io/server" >&2
printf '%s' '${works('built')}' > "$GOBIN/temporal"
`,
  );

async function packArchive(content: string): Promise<void> {
  await writeProgram(join(root, 'archive', 'temporal'), content);
  archive = execFileSync('tar', ['-czf', '-', '-C', join(root, 'archive'), 'temporal']);
}

function find(): Promise<string> {
  const env = { PATH: join(root, 'bin'), XDG_CACHE_HOME: join(root, 'cache') };
  const downloadOrigin = `http://127.0.0.1:${(cdn.address() as AddressInfo).port}`;
  return findTemporalBinary({ env, downloadOrigin, log: () => {} });
}

test('the one on PATH comes before the cached one', async () => {
  await writeProgram(join(root, 'bin', 'temporal'), works('on path'));
  await writeProgram(cached, works('cached'));
  expect(await find()).toBe(join(root, 'bin', 'temporal'));
});

test('one on PATH that does not work is passed over', async () => {
  await writeProgram(join(root, 'bin', 'temporal'), broken);
  await writeProgram(cached, works('cached'));
  expect(await find()).toBe(cached);
});

test('a download goes into the cache', async () => {
  await packArchive(works('downloaded'));
  expect(await find()).toBe(cached);
  expect(await readFile(cached, 'utf8')).toBe(works('downloaded'));
});

test.each([
  ['is refused', async (): Promise<void> => {}],
  ['is no archive', async (): Promise<void> => void (archive = Buffer.from('<html>'))],
  ['holds a broken binary', (): Promise<void> => packArchive(broken)],
])('when the download %s it is built with Go', async (_title, arrange) => {
  await arrange();
  await writeGo('1.25.0');
  expect(await find()).toBe(cached);
  expect(await readFile(cached, 'utf8')).toContain('built');
});

test('two starts at once both get a whole binary and leave nothing else behind', async () => {
  await writeGo('1.26.8');
  expect(await Promise.all([find(), find()])).toEqual([cached, cached]);
  expect(await readdir(dirname(dirname(cached)))).toEqual([`temporal-${temporalVersion}`]);
});

test.each([
  ['without Go', async (): Promise<void> => {}, 'build: spawn go ENOENT'],
  ['with a Go that is too old', (): Promise<void> => writeGo('1.24.9'), 'Go 1.25 or newer is needed'],
])('%s the one error names every failure and the three ways out', async (_title, arrange, reason) => {
  await arrange();
  const error = await find().catch((failure: Error) => failure.message);
  for (const part of ['answer 403', reason, 'on PATH', cached, 'install Go', 'TEMPORAL_ADDRESS']) {
    expect(error).toContain(part);
  }
});
