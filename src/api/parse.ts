import type { z } from 'zod';
import { AddonError } from '../domain/errors.ts';

const mostFields = 5;

/** The value in the schema's form. Throws `validation_failed` with the first faults as JSON pointers, without the values. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.slice(0, mostFields).map((issue) => ({
    path: issue.path.map((key) => `/${String(key)}`).join(''),
    message: messageOf(issue),
  }));
  throw new AddonError('validation_failed', 'The body does not have the expected form.', { fields });
}

/** A part of an address in the schema's form. What has not the form of one is the name of nothing: throws the refusal. */
export function parsePart<T>(schema: z.ZodType<T>, text: string | undefined, refusal: () => AddonError): T {
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  throw refusal();
}

/** The library's own sentence quotes member names that the caller made up. */
const messageOf = ({ code, message }: z.core.$ZodIssue): string =>
  code === 'unrecognized_keys' ? 'Has unknown members' : message;
