import type { Facts, OperationFact } from './facts.ts';
import { buildOperation, buildSecurity } from './operation.ts';
import { buildSchema } from './schema.ts';
import { servers } from './servers.ts';

const description = `The operations of the Clockify API, with what is known about their live behaviour.

- x-base: the host that serves the operation (api, reports or the retired pto).
- x-scope: the add-on scope it needs; absent when it needs none. Inferred from the family of the path.
- x-experimental: Clockify may change it without notice.
- x-addon-token: whether add-on tokens are let in (open, closed or unverified).
- x-source: which official document describes it (both, newest or older).
- x-paging: how a list is paged. style: page-size, pageSize (both from page 1), limit, size (both from page 0),
  body (page and pageSize in the body) or none (every answer is the whole list). lastPageHeader: whether
  Last-Page tells the end. itemsPath, countPath: where the rows and their number stand, $ being the whole body.`;

/**
 * The OpenAPI document of the facts: the same facts in any order give the same document.
 * Throws when operations and summaries do not match one to one.
 */
export function buildDocument({ operations, schemas, summaries }: Facts): Record<string, unknown> {
  assertEverySummaryIsUsed(operations, summaries);
  return {
    openapi: '3.1.0',
    info: { title: 'Clockify API', version: 'v1', description },
    servers: [servers.api],
    security: buildSecurity(['X-Api-Key', 'X-Addon-Token']),
    tags: [...new Set(operations.map(({ tag }) => tag))].toSorted().map((name) => ({ name })),
    paths: buildPaths(operations, summaries),
    components: {
      schemas: Object.fromEntries(sortByKey(Object.entries(schemas)).map(([name, fact]) => [name, buildSchema(fact)])),
      securitySchemes: {
        ApiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
        AddonToken: { type: 'apiKey', in: 'header', name: 'X-Addon-Token' },
      },
    },
  };
}

function buildPaths(operations: readonly OperationFact[], summaries: Facts['summaries']): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [, fact] of sortByKey(operations.map((fact) => [`${fact.path} ${fact.method}`, fact] as const))) {
    const summary = summaries[fact.operationId];
    if (summary === undefined) throw new Error(`No summary for ${fact.operationId}`);
    (paths[fact.path] ??= {})[fact.method.toLowerCase()] = buildOperation(fact, summary);
  }
  return paths;
}

function assertEverySummaryIsUsed(operations: readonly OperationFact[], summaries: Facts['summaries']): void {
  const known = new Set(operations.map(({ operationId }) => operationId));
  const unused = Object.keys(summaries).filter((operationId) => !known.has(operationId));
  if (unused.length > 0) throw new Error(`Summaries of unknown operations: ${unused.join(', ')}`);
}

function sortByKey<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
