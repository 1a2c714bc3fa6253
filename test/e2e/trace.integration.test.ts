import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { waitForEnd, waitForStatus } from '../support/run.ts';

let addon: Addon;
let connection: Connection;
let workspaceId: string;
let installationToken: string;
const requestId = 'trace-me.1';

beforeAll(async () => {
  addon = await startAddon({ workers: 1, env: { AUTO_BOOTSTRAP_ON_INSTALL: 'false', LOG_LEVEL: 'debug' } });
  connection = await Connection.connect({ address: addon.temporalAddress });
  const { simulator, baseUrl } = addon;
  ({ workspaceId, installationToken } = await simulator.install(`${baseUrl}/manifest`, {
    profile: 'XS',
    plan: 'ENTERPRISE',
  }));
  const { token } = simulator.userToken(workspaceId);
  const answer = await fetch(`${baseUrl}/bootstrap/${workspaceId}`, {
    method: 'POST',
    headers: { 'x-addon-token': token, 'content-type': 'application/json', 'x-request-id': requestId },
    body: JSON.stringify({ only: ['tags', 'tasks'] }),
  });
  expect(answer.headers.get('x-request-id')).toBe(requestId);
  await waitForStatus(addon, workspaceId, ({ runId }) => runId !== null);
  await waitForEnd(addon, workspaceId);
}, 180_000);

afterAll(async () => {
  await connection.close();
  await addon.stop();
}, 60_000);

const readLogs = (prefix: string): string =>
  readdirSync(addon.logs)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.log'))
    .map((name) => readFileSync(join(addon.logs, name), 'utf8'))
    .join('');

it('finds one request in the log of the API, in the workflows and in the log of the activities', async () => {
  const line = `"requestId":"${requestId}"`;
  expect(readLogs('api')).toContain(line);
  expect(readLogs('worker')).toContain(line);
  const found: string[] = [];
  const { workflow } = new Client({ connection });
  for await (const { type, memo } of workflow.list({ query: `RequestId = "${requestId}"` })) {
    expect(memo).toEqual({ requestId });
    found.push(type);
  }
  expect(found.sort()).toEqual(['bootstrapWorkflow', 'entityWorkflow', 'entityWorkflow', 'entityWorkflow']);
}, 60_000);

it('keeps every token out of logs, histories and metrics', async () => {
  const { workflow } = new Client({ connection });
  const histories: string[] = [];
  for await (const { workflowId, runId } of workflow.list()) {
    histories.push(JSON.stringify(await workflow.getHandle(workflowId, runId).fetchHistory()));
  }
  expect(histories.length).toBeGreaterThan(0);
  const metrics = await (await fetch(`${addon.baseUrl}/metrics`)).text();
  const signature = String(installationToken.split('.')[2]);
  for (const text of [readLogs(''), metrics, ...histories]) expect(text).not.toContain(signature);
}, 60_000);
