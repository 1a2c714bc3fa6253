import { expect, it } from '@jest/globals';
import { createWaiters } from './waiters.ts';

it('resolves with the step that meets the condition, not before', async () => {
  const waiters = createWaiters();
  let count = 0;
  let isDone = false;
  const done = waiters.until(() => count === 2, 10_000, 'never').then(() => (isDone = true));
  for (count = 1; count <= 2; count += 1) {
    expect(isDone).toBe(false);
    waiters.step();
    await Promise.resolve();
  }

  expect(await done).toBe(true);
});

it('resolves at once when the condition holds', async () => {
  await expect(createWaiters().until(() => true, 0, 'never')).resolves.toBeUndefined();
});

it('throws its sentence after the time', async () => {
  await expect(createWaiters().until(() => false, 1, 'Too late.')).rejects.toThrow('Too late.');
});
