import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findFreePort } from '../stack/free-port.ts';
import { launchNode, runNode } from './launchers.ts';

let root: string;
let logFile: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'launch-'));
  logFile = join(root, 'part.log');
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function writeProgram(name: string, code: string): Promise<readonly string[]> {
  await writeFile(join(root, name), code);
  return [name];
}

test('a part is up once its address answers, and stops on request', async () => {
  const entry = await writeProgram(
    'server.mjs',
    `import { createServer } from 'node:http';
     let asked = 0;
     createServer((request, response) => response.writeHead((asked += 1) < 3 ? 503 : 200).end()).listen(process.env.PORT, '127.0.0.1');
     process.on('SIGTERM', () => { console.log('closing'); process.exit(0); });`,
  );
  const port = await findFreePort();
  const readyUrl = `http://127.0.0.1:${port}/`;
  const part = await launchNode({ root, entry, env: { PORT: String(port) }, logFile, readyUrl })();
  expect((await fetch(readyUrl)).status).toBe(200);
  await part.stop();
  expect(await part.exited).toBe(0);
  expect(await readFile(logFile, 'utf8')).toContain('closing');
});

test('a part that ends before it answers is reported with its log', async () => {
  const entry = await writeProgram('broken.mjs', 'throw new Error("no setting")');
  const launch = launchNode({ root, entry, env: {}, logFile, readyUrl: 'http://127.0.0.1:1/' });
  await expect(launch()).rejects.toThrow(`broken.mjs does not start, see ${logFile}`);
  expect(await readFile(logFile, 'utf8')).toContain('no setting');
});

test('a program that fails is reported, one that succeeds is not', async () => {
  const env = {};
  await runNode({ root, entry: await writeProgram('good.mjs', ''), env, logFile });
  const failing = runNode({ root, entry: await writeProgram('bad.mjs', 'process.exit(2)'), env, logFile });
  await expect(failing).rejects.toThrow('bad.mjs failed (2)');
});

test('a part gets the given environment and no more', async () => {
  const entry = await writeProgram('env.mjs', 'console.log(`only ${Object.keys(process.env).join()}`)');
  await runNode({ root, entry, env: { GIVEN: '1' }, logFile });
  expect(await readFile(logFile, 'utf8')).toMatch(/only GIVEN(,PWD|,_|,SHLVL|,OLDPWD)*\n/);
});
