import { expect, it } from '@jest/globals';
import { drawTrouble } from './trouble.ts';

it('draws the same steps from the same number, and others from another', () => {
  expect(drawTrouble({ seed: 7 })).toEqual(drawTrouble({ seed: 7 }));
  expect(drawTrouble({ seed: 7 })).not.toEqual(drawTrouble({ seed: 8 }));
});

it('draws eight steps unless told otherwise', () => {
  expect(drawTrouble({ seed: 1 })).toHaveLength(8);
  expect(drawTrouble({ seed: 1, steps: 3 })).toHaveLength(3);
});

it('knows every kind of trouble', () => {
  const steps = drawTrouble({ seed: 1, steps: 200, drop: 0.3 });

  expect(steps.some(({ paused }) => paused === true)).toBe(true);
  for (const name of ['duplicate', 'drop', 'delayMs', 'burst'] as const) {
    expect(steps.some((step) => Number(step[name]) > 0)).toBe(true);
  }
  expect(steps.some(({ reorder }) => reorder === true)).toBe(true);
});

it('loses nothing unless it may, and never more than it may', () => {
  const losses = (drop?: number) =>
    drawTrouble({ seed: 1, steps: 100, ...(drop !== undefined && { drop }) }).map((step) => step.drop ?? 0);

  expect(Math.max(...losses())).toBe(0);
  expect(Math.max(...losses(0.3))).toBeGreaterThan(0);
  expect(Math.max(...losses(0.3))).toBeLessThan(0.3);
});
