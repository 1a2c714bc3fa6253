import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { findFreePort } from '../../scripts/stack/free-port.ts';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { parseExposition } from '../support/exposition.ts';
import { waitForEnd, waitForStatus } from '../support/run.ts';

let addon: Addon;
let connection: Connection;
let workspaceId: string;
let installationToken: string;
let metricsPort: number;
const requestId = 'trace-me.1';

beforeAll(async () => {
  metricsPort = await findFreePort();
  addon = await startAddon({
    workers: 1,
    env: { AUTO_BOOTSTRAP_ON_INSTALL: 'false', LOG_LEVEL: 'debug', WORKER_METRICS_PORT: String(metricsPort) },
  });
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
  expect(answer.status).toBe(200);
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

it('counts as many requests as Clockify, and the run that made them', async () => {
  const read = async (url: string) => {
    const metrics = parseExposition(await (await fetch(url)).text());
    return new Map([...metrics.values()].flatMap(({ samples }) => [...samples]));
  };
  const worker = await read(`http://127.0.0.1:${metricsPort}/metrics`);
  const api = await read(`${addon.baseUrl}/metrics`);
  const sent = [worker, api].map((samples) => samples.get('clockify_api_calls_total') ?? 0);
  expect((sent[0] ?? 0) + (sent[1] ?? 0)).toBe(addon.simulator.ledger(workspaceId).requests);
  expect(worker.get('clockify_bootstrap_jobs_total')).toBe(1);
  expect(worker.get('clockify_bootstrap_runs_ended_total{status="COMPLETED"}')).toBe(1);
  expect(worker.get('clockify_worker_tasks{kind="activities"}')).toBe(0);
  expect(worker.has('clockify_queue_depth{queue="outbox"}')).toBe(false);
  expect(api.get('clockify_queue_depth{queue="outbox"}')).toBe(0);
  expect(api.has('clockify_worker_tasks{kind="activities"}')).toBe(false);
});
