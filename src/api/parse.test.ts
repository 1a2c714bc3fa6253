import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { parse } from './parse.ts';

const schema = z.strictObject({ name: z.string(), tags: z.array(z.object({ id: z.int() })).optional() });

test('a value of the right form comes out typed', () => {
  expect(parse(schema, { name: 'x' })).toEqual({ name: 'x' });
});

test('faults are named as JSON pointers', () => {
  expect(() => parse(schema, { tags: [{ id: 1 }, { id: 'x' }] })).toThrow(
    expect.objectContaining({
      code: 'validation_failed',
      details: {
        fields: [
          { path: '/name', message: expect.any(String) },
          { path: '/tags/1/id', message: expect.any(String) },
        ],
      },
    }),
  );
});

test('at most five faults are named, and nothing the caller made up is repeated', () => {
  const tags = Array.from({ length: 9 }, () => ({ id: 'made-up-value' }));
  try {
    parse(schema, { name: 'x', tags, 'made-up-member': 1 });
    throw new Error('was accepted');
  } catch (error) {
    const text = JSON.stringify(error);
    expect(text).not.toContain('made-up');
    expect((error as { details: { fields: unknown[] } }).details.fields).toHaveLength(5);
  }
});
