import { expect, it } from '@jest/globals';
import { createPlatformClock, type PlatformClock } from './platform-clock.ts';

/** Resolves with the names of the waits, in the order in which they ended. */
function waitFor(waits: Record<string, number>, speed: number, meanwhile: (clock: PlatformClock) => void = () => {}) {
  return new Promise<string[]>((resolve) => {
    const ended: string[] = [];
    const clock = createPlatformClock(speed, () => {
      if (clock.waiting === 0) resolve(ended);
    });
    for (const [name, ms] of Object.entries(waits)) clock.after(ms, () => ended.push(name));
    meanwhile(clock);
  });
}

it('waits in order, an hour in a moment', async () => {
  expect(await waitFor({ hour: 3_600_000, second: 1_000, minute: 60_000 }, 1_000_000)).toEqual([
    'second',
    'minute',
    'hour',
  ]);
});

it('shortens waits under way', async () => {
  expect(await waitFor({ second: 1_000, day: 86_400_000 }, 0.001, (clock) => clock.setSpeed(10_000_000))).toEqual([
    'second',
    'day',
  ]);
});

it('waits as long as it is told, also for longer than a timer of Node can', async () => {
  const clock = createPlatformClock(1, () => {});
  clock.after(30 * 86_400_000, () => {});
  await new Promise<void>((resolve) => clock.after(50, resolve));
  expect(clock.waiting).toBe(1);
  clock.stop();
});

it('forgets what it is stopped in', () => {
  const clock = createPlatformClock(1, () => {});
  clock.after(1, () => {
    throw new Error('rang');
  });
  clock.stop();

  expect(clock.waiting).toBe(0);
});
