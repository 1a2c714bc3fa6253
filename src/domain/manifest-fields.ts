import { z } from 'zod';

/** A list whose items differ in what `keyOf` tells of them. */
export function uniqueBy<T>(item: z.ZodType<T>, keyOf: (item: T) => string) {
  return z.array(item).refine((items) => new Set(items.map(keyOf)).size === items.length, 'Items must be unique');
}

/** Everything in a manifest is addressed relative to its baseUrl. */
export const relativePathSchema = z.string().regex(/^\/(?!\/)\S*$/, 'Must be a path that starts with one slash');

export const accessLevelSchema = z.enum(['ADMINS', 'EVERYONE']);
