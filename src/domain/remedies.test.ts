import { expect, test } from '@jest/globals';
import { isRetryable } from './errors.ts';
import type { ErrorCode } from './errors.ts';
import { remedies } from './remedies.ts';

const codes = Object.keys(isRetryable) as ErrorCode[];

test.each(codes)('%s has a remedy in plain sentences', (code) => {
  expect(remedies[code]).toMatch(/^[A-Z].{15,}\.$/);
  expect(remedies[code]).not.toMatch(/[_{}<>]|undefined/);
});
