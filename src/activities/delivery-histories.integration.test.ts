import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { history } from '../../test/support/delivery-history.ts';
import { openHistoryPlayer } from '../../test/support/history-player.ts';
import type { HistoryPlayer } from '../../test/support/history-player.ts';

let player: HistoryPlayer;
beforeAll(async () => {
  player = await openHistoryPlayer();
});
afterAll(() => player.close());

it('ends at the truth whatever is delivered twice, late, out of order or beside a run', async () => {
  const property = fc.asyncProperty(history, async (steps) => {
    expect(await player.play(steps)).toEqual([]);
  });
  // A few hundred on an idle machine; a busy one need not make all of them.
  await fc.assert(property, { numRuns: 300, interruptAfterTimeLimit: 20_000, endOnFailure: true });
  const { deliveries, scans, heldAnswers } = player.tally();
  expect(Math.min(deliveries, scans, heldAnswers)).toBeGreaterThan(0);
}, 120_000);
