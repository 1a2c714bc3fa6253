import { expect, test } from '@jest/globals';
import { parseFlags, usage } from './flags.ts';

test('without arguments the demo stays up, on what it finds', () => {
  expect(parseFlags([])).toEqual({
    exit: false,
    reset: false,
    cluster: false,
    profile: undefined,
    workers: undefined,
  });
});

test('every option is understood', () => {
  expect(parseFlags(['--exit', '--reset', '--profile', 'XS', '--workers=4'])).toEqual({
    exit: true,
    reset: true,
    cluster: false,
    profile: 'XS',
    workers: 4,
  });
});

test('how many workers a cluster has by default is left to whoever knows that it is one', () => {
  expect(parseFlags(['--cluster'])).toMatchObject({ cluster: true, workers: undefined });
  expect(parseFlags(['--cluster', '--workers', '3'])).toMatchObject({ cluster: true, workers: 3 });
});

test.each([
  [['--fast'], '--fast'],
  [['now'], 'now'],
  [['--profile', 'XXL'], 'Unknown profile XXL'],
  [['--profile'], '--profile'],
  [['--workers', '0'], 'Not a number of workers: 0'],
  [['--workers', '17'], 'Not a number of workers: 17'],
  [['--workers', '1.5'], 'Not a number of workers: 1.5'],
])('%j is refused with the usage', (args, reason) => {
  const refusal = expect.objectContaining({ message: expect.stringContaining(usage) });
  expect(() => parseFlags(args)).toThrow(refusal as unknown as Error);
  expect(() => parseFlags(args)).toThrow(reason);
});
