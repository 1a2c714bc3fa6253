import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startTestApi } from '../../test/support/api.ts';
import type { TestApi } from '../../test/support/api.ts';
import { startTcpGate } from '../../test/support/tcp-gate.ts';
import type { TcpGate } from '../../test/support/tcp-gate.ts';

const refOf = (index: number) => ({ workspaceId: String(index).padStart(24, '0'), addonId: 'b'.repeat(24) });

let api: TestApi;
let gate: TcpGate;

beforeAll(async () => {
  // The gate is known once the database is: its port takes the place of the server's.
  api = await startTestApi({
    openDatabase: async (url) => {
      gate = await startTcpGate(new URL(url));
      const behindGate = new URL(url);
      behindGate.port = String(gate.port);
      return behindGate.href;
    },
  });
});
afterAll(async () => {
  await api.stop();
  await gate.stop();
});
beforeEach(() => api.reset());

const install = (ref: ReturnType<typeof refOf>) =>
  api.send('/lifecycle/installed', {
    method: 'POST',
    headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(ref) },
    body: { ...ref, authToken: api.mint.installation(ref), apiUrl: 'https://api.clockify.me/api' },
  });
const installed = () => api.rows('select workspace_id from installations order by workspace_id');

test('installations that come while Postgres is away are there once it is back', async () => {
  const refs = Array.from({ length: 20 }, (_, index) => refOf(index));
  expect((await install(refOf(100))).status).toBe(204);
  await gate.shut();
  for (const ref of refs) expect((await install(ref)).status).toBe(204);
  expect(await api.intake.drain()).toBe(false);
  expect(await installed()).toHaveLength(1);

  await gate.open();
  expect(await api.intake.drain()).toBe(true);
  expect(await installed()).toHaveLength(21);
  expect(await api.rows(`select event from outbox where event = 'installed'`)).toHaveLength(21);
  expect(api.log.join('')).not.toMatch(/eyJ/);
});

test('what needs the database is answered 503 meanwhile, and works again afterwards', async () => {
  const ref = refOf(200);
  await install(ref);
  const readStatus = () =>
    api.send(`/bootstrap/${ref.workspaceId}/status`, { headers: { 'x-addon-token': api.mint.user(ref) } });
  const deliver = () =>
    api.send('/webhooks/clockify/NEW_TAG', {
      method: 'POST',
      headers: { 'clockify-signature': api.mint.webhook(ref), 'clockify-webhook-event-type': 'NEW_TAG' },
      body: {},
    });
  await gate.shut();
  for (const call of [readStatus, deliver]) {
    const answer = await call();
    expect(answer.status).toBe(503);
    expect(answer.headers).toHaveProperty('retry-after');
    expect(answer.json()).toMatchObject({ error: 'storage_unavailable' });
  }
  await gate.open();
  expect((await readStatus()).status).toBe(200);
});

test('health does not depend on the database', async () => {
  await gate.shut();
  expect((await api.send('/health')).status).toBe(200);
  await gate.open();
});
