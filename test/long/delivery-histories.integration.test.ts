import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { history } from '../support/delivery-history.ts';
import { openHistoryPlayer } from '../support/history-player.ts';
import type { HistoryPlayer } from '../support/history-player.ts';

const all = 10_000;
const toldEvery = 500;
/** Each on a database and a Clockify of its own. */
const players: HistoryPlayer[] = [];

beforeAll(async () => {
  for (let count = 0; count < 4; count++) players.push(await openHistoryPlayer());
}, 120_000);
afterAll(() => Promise.all(players.map((player) => player.close())));

it(
  'ten thousand histories of deliveries all end at the truth',
  async () => {
    let played = 0;
    const property = (player: HistoryPlayer) =>
      fc.asyncProperty(history, async (steps) => {
        expect(await player.play(steps)).toEqual([]);
        played += 1;
        if (played % toldEvery === 0) process.stderr.write(`${played} of ${all} histories ended at the truth\n`);
      });
    const share = { numRuns: all / players.length, endOnFailure: true };
    await Promise.all(players.map((player) => fc.assert(property(player), share)));
    const deliveries = players.reduce((sum, player) => sum + player.tally().deliveries, 0);
    expect(deliveries).toBeGreaterThan(5 * all);
  },
  4 * 3_600_000,
);
