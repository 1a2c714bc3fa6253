import SwaggerParser from '@apidevtools/swagger-parser';
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { summaries } from './summaries.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly [string];
  readonly deprecated?: boolean;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly 'x-base': string;
  readonly 'x-scope'?: string;
  readonly 'x-experimental'?: boolean;
  readonly 'x-addon-token': string;
  readonly 'x-source': string;
  readonly 'x-paging'?: { readonly style: string; readonly lastPageHeader: boolean };
}

const text = readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8');
const document = JSON.parse(text) as { paths: Record<string, Record<string, Operation>>; components: unknown };

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })),
);
const count = (values: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};
const methodsOf = (list: readonly { method: string }[]): Record<string, number> => count(list.map((o) => o.method));

describe('openapi.json', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const copy = JSON.parse(text) as Parameters<typeof SwaggerParser.validate>[0];
    await expect(SwaggerParser.validate(copy, { dereference: { circular: 'ignore' } })).resolves.toMatchObject({
      openapi: expect.stringMatching(/^3\.1\./),
    });
  });

  it('is formatted to be read and compared line by line', () => {
    expect(text).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });

  it('holds 170 operations of the older document and four newer ones', () => {
    const newer = operations.filter((o) => o['x-source'] === 'newest');
    const older = operations.filter((o) => o['x-source'] !== 'newest');
    expect(methodsOf(older)).toEqual({ get: 52, post: 47, put: 29, delete: 24, patch: 18 });
    expect(methodsOf(newer)).toEqual({ post: 3, delete: 1 });
    expect(operations).toHaveLength(174);
  });

  it('has 28 tags, 16 deprecated and 3 experimental operations', () => {
    expect(new Set(operations.flatMap((o) => o.tags)).size).toBe(28);
    expect(operations.filter((o) => o.deprecated === true)).toHaveLength(16);
    expect(operations.filter((o) => o['x-experimental'] === true).map((o) => o.operationId)).toEqual([
      'getCreatedEntityInfo',
      'getDeletedEntityInfo',
      'getUpdatedEntityInfo',
    ]);
  });

  it('names each operation once and says what it does', () => {
    expect(new Set(operations.map((o) => o.operationId)).size).toBe(operations.length);
    expect(Object.fromEntries(operations.map((o) => [o.operationId, o.summary]))).toEqual(summaries);
  });

  it('has summaries that are one short line and tell operations apart', () => {
    const lines = Object.values(summaries);
    expect(lines.filter((line) => !/^[A-Z][^\n]{4,79}[^.\s]$/.test(line))).toEqual([]);
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('points only to schemas that exist', () => {
    const pointers = new Set([...text.matchAll(/"\$ref": "([^"]*)"/g)].map(([, pointer]) => pointer ?? ''));
    const schemas = (document.components as { schemas: Record<string, unknown> }).schemas;
    const known = new Set(Object.keys(schemas).map((name) => `#/components/schemas/${name}`));
    expect(pointers.size).toBeGreaterThan(200);
    expect([...pointers].filter((pointer) => !known.has(pointer))).toEqual([]);
  });

  it('declares every parameter of every path', () => {
    const byPath = ({ path, parameters = [] }: (typeof operations)[number]): string[][] => [
      parameters.filter((p) => p.in === 'path').map(({ name }) => `{${name}}`),
      path.match(/\{[^}]+\}/g) ?? [],
    ];
    for (const [declared, templated] of operations.map(byPath)) {
      expect(new Set(declared)).toEqual(new Set(templated));
    }
  });

  it('annotates from closed sets', () => {
    expect(count(operations.map((o) => o['x-base']))).toEqual({ api: 150, reports: 10, pto: 14 });
    expect(count(operations.map((o) => o['x-addon-token']))).toEqual({ open: 17, closed: 13, unverified: 144 });
    expect(count(operations.map((o) => o['x-source']))).toEqual({ both: 154, newest: 4, older: 16 });
    expect(count(operations.flatMap((o) => o['x-paging']?.style ?? []))).toEqual({
      'page-size': 23,
      pageSize: 2,
      limit: 3,
      size: 1,
      body: 11,
      none: 7,
    });
    expect(operations.filter((o) => o['x-paging']?.lastPageHeader === true)).toHaveLength(18);
  });

  it('names all 30 scopes and leaves four operations without one', () => {
    const scopes = operations.flatMap((o) => o['x-scope'] ?? []);
    expect(new Set(scopes).size).toBe(30);
    expect(scopes.filter((scope) => !/^[A-Z_]+_(READ|WRITE)$/.test(scope))).toEqual([]);
    expect(operations.length - scopes.length).toBe(4);
  });
});
