import { expect, it } from '@jest/globals';
import type { KeptAside } from '../db/early-webhooks.ts';
import type { NewDelivery } from '../db/webhook-events.ts';
import { createWebhookReceiver } from './webhook-receiver.ts';
import type { ProvenDelivery } from './webhook-receiver.ts';

const ref = { workspaceId: 'w', addonId: 'a' };

function build(requestId: string, raw = Buffer.from('{}')): ProvenDelivery {
  const proof = { ref, tokenDigest: 'digest', standing: 'unknown' } as const;
  return { proof, path: '/webhooks/clockify/NEW_TAG', event: 'NEW_TAG', raw, headers: {}, requestId };
}

/** Deliveries for unknown installations; the test says what became of each. */
function open() {
  const kept: { id: string; answer: PromiseWithResolvers<KeptAside> }[] = [];
  const submitted: NewDelivery[] = [];
  const receive = createWebhookReceiver({
    keepAside({ requestId }) {
      const answer = Promise.withResolvers<KeptAside>();
      kept.push({ id: requestId, answer });
      return answer.promise;
    },
    intake: {
      submit(delivery) {
        submitted.push(delivery);
        return Promise.resolve(1);
      },
    },
  });
  return { kept, submitted, receive };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const early = { code: 'storage_unavailable', details: { reason: 'early' } };

it('keeps early deliveries aside one at a time, also when one fails, and stores those that are none any more', async () => {
  const { kept, submitted, receive } = open();
  const results = ['1', '2', '3'].map((id) => receive(build(id)).catch((error: unknown) => error));
  for (const [index, answer] of (['kept', new Error('away'), 'known'] as const).entries()) {
    await turn();
    expect(kept.map(({ id }) => id)).toEqual(['1', '2', '3'].slice(0, index + 1));
    if (answer instanceof Error) kept[index]?.answer.reject(answer);
    else kept[index]?.answer.resolve(answer);
  }
  expect(await Promise.all(results)).toMatchObject([early, new Error('away'), { outcome: 'stored', fault: null }]);
  expect(submitted).toMatchObject([{ ...ref, requestId: '3', tokenDigest: 'digest' }]);
});

it('lets no more than 32 MiB of early deliveries wait', async () => {
  const { kept, receive } = open();
  const raw = Buffer.alloc(16 * 1024 * 1024, 0x20);
  const waiting = ['1', '2'].map((id) => receive(build(id, raw)).catch((error: unknown) => error));
  await expect(receive(build('3'))).rejects.toMatchObject(early);
  await turn();
  kept[0]?.answer.resolve('kept');
  await waiting[0];
  void receive(build('4', raw)).catch(() => {});
  await turn();
  kept[1]?.answer.resolve('kept');
  await waiting[1];
  await turn();
  expect(kept.map(({ id }) => id)).toEqual(['1', '2', '4']);
});
