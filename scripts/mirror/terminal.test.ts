import { expect, test } from '@jest/globals';
import { confirmStart } from './terminal.ts';

test.each([
  ['y', true],
  ['YES', true],
  ['', false],
  ['n', false],
  ['yesterday', false],
])('the answer %j means %j', async (answer, agreed) => {
  expect(await confirmStart({ isInteractive: true, ask: () => Promise.resolve(answer) })).toBe(agreed);
});

test('where nobody can be asked nothing starts', async () => {
  const nobody = { isInteractive: false, ask: () => Promise.resolve('y') };
  await expect(confirmStart(nobody)).rejects.toThrow('Start it with --yes if you agree.');
});
