import { STATUS_CODES } from 'node:http';
import { buildAnnotations } from './annotations.ts';
import type { BodyFact, OperationFact, ParameterFact, ResponseFact } from './facts.ts';
import { buildSchema } from './schema.ts';
import { servers } from './servers.ts';

const securitySchemes: Readonly<Record<string, string>> = { 'X-Api-Key': 'ApiKey', 'X-Addon-Token': 'AddonToken' };

/** One OpenAPI operation object. The document's own server and security hold unless the operation names others. */
export function buildOperation(fact: OperationFact, summary: string): Record<string, unknown> {
  return {
    operationId: fact.operationId,
    tags: [fact.tag],
    summary,
    ...(fact.deprecated && { deprecated: true }),
    ...buildAnnotations(fact),
    ...(fact.base !== 'api' && { servers: [servers[fact.base]] }),
    ...(!fact.auth.includes('X-Addon-Token') && { security: buildSecurity(fact.auth) }),
    ...(fact.params.length > 0 && { parameters: fact.params.map(buildParameter) }),
    ...(fact.body !== null && { requestBody: buildBody(fact.body) }),
    responses: { [fact.response.status]: buildResponse(fact.response) },
  };
}

/** Either header is enough. A header that is no security scheme of the document is left out. */
export function buildSecurity(headers: readonly string[]): Record<string, never[]>[] {
  return headers.flatMap((header) => {
    const scheme = securitySchemes[header];
    return scheme === undefined ? [] : [{ [scheme]: [] }];
  });
}

function buildParameter({ name, in: place, required, ...schema }: ParameterFact): Record<string, unknown> {
  return { name, in: place, ...(required && { required }), schema: buildSchema(schema) };
}

function buildBody({ contentType, required, schema }: BodyFact): Record<string, unknown> {
  return { required, content: { [contentType]: { schema: buildSchema(schema) } } };
}

function buildResponse({ status, contentType, schema }: ResponseFact): Record<string, unknown> {
  const description = STATUS_CODES[status] ?? String(status);
  if (contentType === null || schema === null) return { description };
  return { description, content: { [contentType]: { schema: buildSchema(schema) } } };
}
