import { describe, expect, it } from '@jest/globals';
import { buildDocument } from './document.ts';
import type { Facts, OperationFact } from './facts.ts';

const tagPointer = { $ref: '#/components/schemas/Tag' };

const listTags: OperationFact = {
  method: 'GET',
  path: '/v1/workspaces/{workspaceId}/tags',
  operationId: 'getTags',
  tag: 'Tag',
  base: 'api',
  deprecated: false,
  experimental: false,
  source: 'official-new',
  auth: ['X-Api-Key', 'X-Addon-Token'],
  scope: { name: 'TAG_READ' },
  params: [
    { name: 'workspaceId', in: 'path', required: true, type: 'string' },
    { name: 'page-size', in: 'query', required: false, type: 'integer', format: 'int32', default: 50, maximum: 200 },
    { name: 'sort-order', in: 'query', required: false, type: 'string', enum: ['ASCENDING', 'DESCENDING'] },
  ],
  body: null,
  response: {
    status: 200,
    contentType: 'application/json',
    schema: { type: 'array', items: { $ref: 'Tag' } },
  },
  live: { pagination: 'query page(1-based)+page-size', lastPageHeader: true, itemsPath: '$', addonToken: 'ok-live' },
};

const createTag: OperationFact = {
  ...listTags,
  method: 'POST',
  operationId: 'createNewTag',
  scope: { name: 'TAG_WRITE' },
  params: [],
  body: { contentType: 'application/json', required: true, schema: { $ref: 'Tag' } },
  response: { status: 204, contentType: null, schema: null },
  live: { addonToken: 'unverified' },
};

const facts: Facts = {
  operations: [listTags, createTag],
  schemas: { Tag: { type: 'object', properties: { parent: { $ref: 'Tag' } } }, Empty: { type: 'object' } },
  summaries: { getTags: 'List tags', createNewTag: 'Add a tag' },
};

const withOperation = (changes: Partial<OperationFact>): Facts => ({
  ...facts,
  operations: [{ ...listTags, ...changes }],
  summaries: { getTags: 'List tags' },
});

const operationOf = (changes: Partial<OperationFact>): unknown => {
  const { paths } = buildDocument(withOperation(changes)) as { paths: Record<string, Record<string, unknown>> };
  return paths[listTags.path]?.['get'];
};

describe('buildDocument', () => {
  it('gives the same bytes for the same facts in any order', () => {
    const reordered: Facts = {
      operations: facts.operations.toReversed(),
      schemas: Object.fromEntries(Object.entries(facts.schemas).toReversed()),
      summaries: facts.summaries,
    };
    expect(JSON.stringify(buildDocument(reordered))).toBe(JSON.stringify(buildDocument(facts)));
    expect(JSON.stringify(buildDocument(facts))).toBe(JSON.stringify(buildDocument(facts)));
  });

  it('turns bare schema names into pointers, also inside schemas', () => {
    const document = buildDocument(facts);
    expect(document['components']).toMatchObject({
      schemas: { Tag: { properties: { parent: { $ref: '#/components/schemas/Tag' } } } },
    });
    expect(document['paths']).toMatchObject({
      [listTags.path]: {
        get: { responses: { 200: { content: { 'application/json': { schema: { items: tagPointer } } } } } },
        post: { requestBody: { required: true, content: { 'application/json': { schema: tagPointer } } } },
      },
    });
  });

  it('carries names, types, enums, formats, limits and defaults of parameters', () => {
    expect(operationOf({})).toMatchObject({
      parameters: [
        { name: 'workspaceId', in: 'path', required: true, schema: { type: 'string' } },
        {
          name: 'page-size',
          in: 'query',
          schema: { type: 'integer', format: 'int32', default: 50, maximum: 200 },
        },
        { name: 'sort-order', in: 'query', schema: { type: 'string', enum: ['ASCENDING', 'DESCENDING'] } },
      ],
    });
  });

  it('describes an answer without a body', () => {
    expect(buildDocument(facts)['paths']).toMatchObject({
      [listTags.path]: { post: { responses: { 204: { description: 'No Content' } } } },
    });
  });

  it('names the tags once, sorted', () => {
    expect(buildDocument(facts)['tags']).toEqual([{ name: 'Tag' }]);
  });

  it('leaves the annotations out that do not apply', () => {
    const plain = operationOf({ scope: { name: null }, live: { addonToken: 'unverified' } });
    expect(plain).not.toHaveProperty('x-scope');
    expect(plain).not.toHaveProperty('x-paging');
    expect(plain).not.toHaveProperty('x-experimental');
    expect(plain).not.toHaveProperty('deprecated');
    expect(plain).not.toHaveProperty('servers');
    expect(plain).not.toHaveProperty('security');
  });

  it('flags deprecated and experimental operations', () => {
    expect(operationOf({ deprecated: true, experimental: true })).toMatchObject({
      deprecated: true,
      'x-experimental': true,
    });
  });

  it.each(['reports', 'pto'] as const)('gives an operation of the %s base its own server', (base) => {
    expect(operationOf({ base })).toMatchObject({
      'x-base': base,
      servers: [{ url: `https://${base}.api.clockify.me` }],
    });
  });

  it('narrows the security of an operation that has no add-on token', () => {
    expect(operationOf({ auth: ['X-Marketplace-Token', 'X-Api-Key'] })).toMatchObject({ security: [{ ApiKey: [] }] });
  });

  it.each([
    ['ok-live', 'open'],
    ['ok-live (host accepts add-on token)', 'open'],
    ['no (spec + live 401)', 'closed'],
    ['blocked-live (401), conflicting evidence', 'closed'],
    ['unverified', 'unverified'],
  ])('reads the add-on token evidence "%s" as %s', (addonToken, access) => {
    expect(operationOf({ live: { addonToken } })).toMatchObject({ 'x-addon-token': access });
  });

  it.each([
    ['query page(1-based)+page-size', 'page-size'],
    ['query page(1-based)+pageSize', 'pageSize'],
    ['query page(0-based)+limit', 'limit'],
    ['query page(0-based)+size', 'size'],
    ['body', 'body'],
    ['none (page params ignored, full collection every time)', 'none'],
  ])('reads the paging "%s" as %s', (pagination, style) => {
    const live = { addonToken: 'unverified', pagination, itemsPath: 'rows', countPath: 'total' };
    expect(operationOf({ live })).toMatchObject({
      'x-paging': { style, lastPageHeader: false, itemsPath: 'rows', countPath: 'total' },
    });
  });

  it.each([
    ['official-new', 'both'],
    ['official-new (not in older spec)', 'newest'],
    ['official-old-only', 'older'],
  ])('reads the source "%s" as %s', (source, name) => {
    expect(operationOf({ source })).toMatchObject({ 'x-source': name });
  });

  it.each<[string, Facts, RegExp]>([
    ['an operation without a summary', { ...facts, summaries: { getTags: 'List tags' } }, /createNewTag/],
    ['a summary without an operation', { ...facts, summaries: { ...facts.summaries, gone: 'x' } }, /gone/],
    ['an unknown source', withOperation({ source: 'hearsay' }), /hearsay/],
    ['an unknown paging', withOperation({ live: { addonToken: 'ok-live', pagination: 'cursor' } }), /cursor/],
    ['unknown token evidence', withOperation({ live: { addonToken: 'perhaps' } }), /perhaps/],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => buildDocument(wrong)).toThrow(message);
  });
});
