import { expect, it } from '@jest/globals';
import type { WebhookGate } from '../db/webhook-events.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { createWebhookGates } from './webhook-gates.ts';

const refOf = (index: number): InstallationRef => ({ workspaceId: `w${index}`, addonId: 'a' });
const gate: WebhookGate = { status: 'active', hooks: {} };

function open() {
  const time = { now: 0 };
  const loads: { ids: string[]; answer: PromiseWithResolvers<(WebhookGate | undefined)[]> }[] = [];
  const gates = createWebhookGates({
    clock: () => time.now,
    load(refs) {
      const answer = Promise.withResolvers<(WebhookGate | undefined)[]>();
      loads.push({ ids: refs.map(({ workspaceId }) => workspaceId), answer });
      return answer.promise;
    },
  });
  return { time, loads, gates };
}

it('asks once for an installation, and for all that wait together', async () => {
  const { loads, gates } = open();
  const found = [1, 2, 3, 2, 1].map((index) => gates.find(refOf(index)));
  expect(loads.map(({ ids }) => ids)).toEqual([['w1']]);
  loads[0]?.answer.resolve([gate]);
  await found[0];
  expect(loads.map(({ ids }) => ids)).toEqual([['w1'], ['w2', 'w3']]);
  loads[1]?.answer.resolve([undefined, gate]);
  expect(await Promise.all(found)).toEqual([gate, undefined, gate, undefined, gate]);
  await gates.find(refOf(2));
  expect(loads).toHaveLength(2);
});

it('asks again after a second, and after a failure', async () => {
  const { time, loads, gates } = open();
  const answerNext = async (answer: WebhookGate | Error): Promise<unknown> => {
    const found = gates.find(refOf(1)).catch((error: unknown) => error);
    const load = loads.at(-1);
    if (answer instanceof Error) load?.answer.reject(answer);
    else load?.answer.resolve([answer]);
    return found;
  };
  await answerNext(gate);
  time.now = 999;
  expect(await answerNext(new Error('not asked'))).toBe(gate);
  time.now = 1_000;
  const failure = new Error('away');
  expect(await answerNext(failure)).toBe(failure);
  expect(await answerNext(gate)).toBe(gate);
  expect(loads).toHaveLength(3);
});

it('lets no more than 2,000 wait', async () => {
  const { gates } = open();
  for (let index = 0; index < 2_001; index += 1) void gates.find(refOf(index));
  await expect(gates.find(refOf(5_000))).rejects.toMatchObject({ code: 'storage_unavailable' });
});
