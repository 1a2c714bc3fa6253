import { z } from 'zod';

/** One method and path of the API description. */
interface Operation {
  readonly operationId: string;
  readonly method: string;
  /** Template below the host's base, e.g. `/v1/workspaces/{workspaceId}/tags`. */
  readonly path: string;
  readonly base: 'api' | 'reports' | 'pto';
  /** The permission it needs, such as `TAG_READ`; null when none is known. */
  readonly scope: string | null;
}

export type Catalogue = ReadonlyMap<string, Operation>;

const operationSchema = z.object({
  operationId: z.string(),
  'x-base': z.enum(['api', 'reports', 'pto']),
  'x-scope': z.string().nullable().default(null),
});
const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** Reads all operations of openapi.json. Throws when there are none: an empty catalogue would look like success. */
export function parseCatalogue(document: unknown): Catalogue {
  const { paths } = documentSchema.parse(document);
  const operations = Object.entries(paths).flatMap(([path, items]) =>
    Object.entries(items)
      .filter(([method]) => methods.includes(method))
      .map(([method, item]) => {
        const { operationId, 'x-base': base, 'x-scope': scope } = operationSchema.parse(item);
        return { operationId, method: method.toUpperCase(), path, base, scope };
      }),
  );
  if (operations.length === 0) throw new Error('openapi.json describes no operation.');
  return new Map(operations.map((operation) => [operation.operationId, operation]));
}
