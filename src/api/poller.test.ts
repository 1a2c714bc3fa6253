import { expect, test } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createPoller } from './poller.ts';

async function wakeOften(isFailing: boolean): Promise<number> {
  let turns = 0;
  const began = Promise.withResolvers<void>();
  const poller = createPoller({
    pollMs: 60_000,
    turn: () => {
      turns += 1;
      began.resolve();
      return Promise.resolve({ isMore: false, isFailing });
    },
  });
  poller.start();
  await began.promise;
  for (let wake = 0; wake < 20; wake++) {
    poller.wake();
    for (let tick = 0; tick < 5; tick++) await nextTurn();
  }
  await poller.stop();
  return turns;
}

test('being woken brings the next turn at once', async () => {
  expect(await wakeOften(false)).toBeGreaterThan(10);
});

test('while it fails, being woken hurries nothing: what is away would only be asked more often', async () => {
  expect(await wakeOften(true)).toBe(1);
});
