import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runAndKill } from '../../test/support/doomed-parent.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { findFreePort } from './free-port.ts';
import { isAlive } from './process-state.ts';
import { findTemporalBinary } from './temporal-binary.ts';
import { startTemporal } from './temporal-server.ts';

let binary: string;
let root: string;

beforeAll(async () => {
  binary = await findTemporalBinary({ log: console.error });
  root = await mkdtemp(join(tmpdir(), 'temporal-'));
}, 600_000);
afterAll(() => rm(root, { recursive: true, force: true }));

const log = (): void => {};

test('a started workflow survives kill -9 of the server, on the same port and file', async () => {
  const dbFile = join(root, 'temporal.db');
  const first = await startTemporal({ binary, dbFile, log });
  const connection = await Connection.connect({ address: first.address });
  const client = new Client({ connection });
  try {
    const { workflowId } = await client.workflow.start('waiting', { taskQueue: 'nobody', workflowId: 'kept' });
    await first.kill();

    const port = Number(first.address.split(':')[1]);
    const second = await startTemporal({ binary, dbFile, port, log });
    expect(second.address).toBe(first.address);
    expect((await client.workflow.getHandle(workflowId).describe()).status.name).toBe('RUNNING');
    await second.stop();
  } finally {
    await connection.close();
  }
});

test('finished workflows are kept for 30 days', async () => {
  const server = await startTemporal({ binary, log });
  const connection = await Connection.connect({ address: server.address });
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 24 * 60 * 60);
  } finally {
    await connection.close();
    await server.kill();
  }
});

test('the Web UI answers where it says', async () => {
  const server = await startTemporal({ binary, uiPort: await findFreePort(), log });
  try {
    expect((await fetch(server.uiUrl as string)).status).toBe(200);
  } finally {
    await server.kill();
  }
});

test('a server that lost a port of its own to another process is started anew', async () => {
  const [flag, unlucky] = [join(root, 'started-before'), join(root, 'unlucky')];
  const script = `#!/bin/sh\nif [ "$1" = server ] && [ ! -e ${flag} ]; then touch ${flag}; exit 1; fi\nexec ${binary} "$@"\n`;
  await writeFile(unlucky, script, { mode: 0o755 });
  const server = await startTemporal({ binary: unlucky, log });
  await server.kill();
  expect(existsSync(flag)).toBe(true);
});

test('a server that cannot start is reported with the place of its log', async () => {
  const dbFile = join(root, 'no-such-folder', 'temporal.db');
  const logFile = join(root, 'failed.log');
  await expect(startTemporal({ binary, dbFile, logFile, log })).rejects.toThrow(`does not start, see ${logFile}`);
  expect(await readFile(logFile, 'utf8')).not.toBe('');
});

test('kill -9 of the parent ends the server and removes its temporary file', async () => {
  const module = new URL('temporal-server.ts', import.meta.url).href;
  const { pid } = await runAndKill<{ pid: number }>(`
    import { startTemporal } from ${JSON.stringify(module)};
    const { pid } = await startTemporal({ binary: ${JSON.stringify(binary)}, log: () => {} });
    console.log(JSON.stringify({ pid }));
    setInterval(() => {}, 1000);`);
  await waitUntil(() => !isAlive(pid, 'temporal'));
  expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
});
