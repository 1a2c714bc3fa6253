import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { deliver, installWithWebhooks, mintWebhookTokens } from '../../../test/support/deliveries.ts';
import type { WebhookTokens } from '../../../test/support/deliveries.ts';
import { startTcpGate } from '../../../test/support/tcp-gate.ts';
import type { TcpGate } from '../../../test/support/tcp-gate.ts';
import { waitUntil } from '../../../test/support/wait-until.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };

let api: TestApi;
let gate: TcpGate;
let tokens: WebhookTokens;
beforeAll(async () => {
  api = await startTestApi({
    openDatabase: async (url) => {
      gate = await startTcpGate(new URL(url));
      const behindGate = new URL(url);
      behindGate.port = String(gate.port);
      return behindGate.href;
    },
  });
  tokens = mintWebhookTokens(api, owner);
  await installWithWebhooks(api, owner, tokens);
});
afterAll(async () => {
  await api.stop();
  await gate.stop();
});

test('a database that goes away under load, twice, costs no delivery that was answered with 200', async () => {
  const answers: { readonly n: number; readonly status: number; readonly retryAfter: string | undefined }[] = [];
  let isOver = false;
  let sent = 0;
  const keepSending = async (): Promise<void> => {
    while (!isOver) {
      const n = sent++;
      const { status, headers } = await deliver(api, 'NEW_TAG', { token: tokens.NEW_TAG, body: { n } });
      answers.push({ n, status, retryAfter: headers['retry-after'] });
      if (status !== 200) await sleep(5);
    }
  };
  const load = Promise.all(Array.from({ length: 8 }, keepSending));
  const countOf = (status: number) => answers.filter((answer) => answer.status === status).length;
  const moreOf = async (status: number): Promise<void> => {
    const before = countOf(status);
    await waitUntil(() => countOf(status) >= before + 20);
  };

  await moreOf(200);
  for (let outage = 0; outage < 2; outage += 1) {
    await gate.shut();
    await moreOf(503);
    await gate.open();
    await moreOf(200);
  }
  isOver = true;
  await load;

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
  expect(answers.filter(({ status, retryAfter }) => status === 503 && !(Number(retryAfter) > 0))).toEqual([]);
  const rows = await api.rows(`select (body->>'n')::int as n from webhook_events`);
  const stored = new Set(rows.map(({ n }) => n));
  expect(answers.filter(({ status, n }) => status === 200 && !stored.has(n))).toEqual([]);
  expect(rows).toHaveLength(stored.size);
});
