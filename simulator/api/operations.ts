import { readFileSync } from 'node:fs';

export type Base = 'api' | 'reports' | 'pto' | 'addon';

export interface QueryParameter {
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
  readonly allowed: readonly string[] | null;
}

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly base: Base;
  readonly path: string;
  readonly scope: string | null;
  readonly query: readonly QueryParameter[];
}

interface DocumentedParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: { readonly type?: string; readonly enum?: readonly string[]; readonly items?: { enum?: string[] } };
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly 'x-base': Base;
  readonly 'x-scope'?: string;
  readonly parameters?: readonly DocumentedParameter[];
}

interface ApiDocument {
  readonly paths: Record<string, Record<string, DocumentedOperation>>;
  readonly components: { readonly schemas: Record<string, { readonly enum?: readonly string[] }> };
}

const document = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')) as ApiDocument;

/** The event names manifest schema 1.6 accepts. */
export const webhookEvents: readonly string[] = document.components.schemas['WebhookEventType']?.enum ?? [];

/** Endpoints for add-ons that no API document lists. */
const addonOperations: readonly Operation[] = [
  { operationId: 'exchangeUserToken', method: 'POST', path: '/user/{userId}/token' },
  { operationId: 'getAddonSettings', method: 'GET', path: '/workspaces/{workspaceId}/settings' },
  { operationId: 'updateAddonSettings', method: 'PATCH', path: '/workspaces/{workspaceId}/settings' },
].map((operation) => ({ ...operation, base: 'addon' as const, scope: null, query: [] }));

/** Every documented operation, served here or not, so that a wrong verb and an unknown path can be told apart. */
export const operations: readonly Operation[] = [
  ...Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, documented]) => ({
      operationId: documented.operationId,
      method: method.toUpperCase(),
      base: documented['x-base'],
      path,
      scope: documented['x-scope'] ?? null,
      query: (documented.parameters ?? []).filter((parameter) => parameter.in === 'query').map(queryParameter),
    })),
  ),
  ...addonOperations,
];

function queryParameter({ name, required, schema }: DocumentedParameter): QueryParameter {
  return {
    name,
    required: required ?? false,
    type: schema?.type ?? 'string',
    allowed: schema?.enum ?? schema?.items?.enum ?? null,
  };
}
