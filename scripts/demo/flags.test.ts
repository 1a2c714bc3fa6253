import { expect, test } from '@jest/globals';
import { parseFlags, usage } from './flags.ts';

test('without arguments the demo stays up, with one worker, on what it finds', () => {
  expect(parseFlags([])).toEqual({
    exit: false,
    reset: false,
    cluster: false,
    profile: undefined,
    workers: 1,
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

test.each([
  [['--cluster'], 2],
  [['--cluster', '--workers', '3'], 3],
])('%j runs so many workers: %i', (args, workers) => {
  expect(parseFlags(args)).toMatchObject({ cluster: true, workers });
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
