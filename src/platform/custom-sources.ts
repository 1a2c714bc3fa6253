import { z } from 'zod';
import { Secret } from './secret.ts';

/** A system besides Clockify whose calls are taken, for one workspace. */
export interface CustomSource {
  /** The last part of its address. */
  readonly source: string;
  readonly workspaceId: string;
  readonly secret: Secret;
}

const sourceSchema = z.strictObject({
  source: z.string().regex(/^[a-z0-9-]{1,32}$/),
  workspaceId: z.string().regex(/^[0-9a-f]{24}$/),
  secret: z
    .string()
    .min(32)
    .transform((text) => new Secret(text)),
});

/** A JSON list of sources; no fault of it is told with a value, for those are secrets. */
export const customSources = () =>
  z.string().transform((text, ctx): readonly CustomSource[] => {
    const sources = parseSources(text);
    if (sources !== undefined && new Set(sources.map(({ source }) => source)).size === sources.length) return sources;
    ctx.addIssue({
      code: 'custom',
      message:
        'must be a JSON list of {source, workspaceId, secret}: each source once, secrets of 32 characters or more',
    });
    return z.NEVER;
  });

function parseSources(text: string): readonly CustomSource[] | undefined {
  try {
    return z.array(sourceSchema).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
