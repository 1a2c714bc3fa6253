import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findClusterBinaries } from './binaries.ts';

let root: string;
let go: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cluster-binaries-'));
  go = join(root, 'bin', 'go');
  await mkdir(join(root, 'bin'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** `go` that notes its calls, and whose `install` writes a program for each package named to GOBIN. */
const writeGo = (uiVersion = '2.42.1'): Promise<void> =>
  writeFile(
    go,
    `#!/bin/sh
if [ "$1" = version ]; then echo "go version go1.26.8 linux/amd64"; exit 0; fi
echo "$*" >> ${root}/calls
for package in "$@"; do
  case $package in
    *ui-server*) name=server line="Temporal UI version ${uiVersion}" ;;
    *cmd/server@*) name=server line="temporal version 1.29.1" ;;
    *tools/sql@*) name=sql line="temporal-sql-tool version 1.29.1" ;;
    *) continue ;;
  esac
  printf '#!/bin/sh\\necho "%s"\\n' "$line" > "$GOBIN/$name"
done
`,
    { mode: 0o755 },
  );

const find = () =>
  findClusterBinaries({
    env: { PATH: `${root}/bin:/usr/bin:/bin`, XDG_CACHE_HOME: join(root, 'cache') },
    log: () => {},
  });

test('server, schema tool and Web UI are built into folders of their own', async () => {
  await writeGo();
  const cache = join(root, 'cache/clockify-api-studio');
  expect(await find()).toEqual({
    server: join(cache, 'temporal-server-1.29.1/server'),
    schemaTool: join(cache, 'temporal-server-1.29.1/sql'),
    ui: join(cache, 'temporal-ui-2.42.1/server'),
  });
  expect((await readdir(cache)).sort()).toEqual(['temporal-server-1.29.1', 'temporal-ui-2.42.1']);
});

test('what was built once is used again', async () => {
  await writeGo();
  await find();
  await rm(go);
  const again = await find();
  expect(await readFile(again.ui, 'utf8')).toContain('Temporal UI version');
  expect((await readFile(join(root, 'calls'), 'utf8')).trim().split('\n')).toHaveLength(2);
});

test('a program that reports another version is refused, and nothing is kept of it', async () => {
  await writeGo('0.0.1');
  await expect(find()).rejects.toThrow('the binary does not run on this machine');
  expect(await readdir(join(root, 'cache/clockify-api-studio/temporal-ui-2.42.1'))).toEqual([]);
});

test('without Go the reason is named', async () => {
  await expect(find()).rejects.toThrow('spawn go ENOENT');
});
