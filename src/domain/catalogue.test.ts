import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseCatalogue } from './catalogue.ts';

const bundled: unknown = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
const describing = (paths: unknown) => ({ openapi: '3.1.0', paths });
const getTags = { operationId: 'getTags', 'x-base': 'api' };

describe('the bundled description', () => {
  const catalogue = parseCatalogue(bundled);

  it('gives every operation its method, its path below the base and its base', () => {
    expect(catalogue.get('getTags')).toEqual({
      operationId: 'getTags',
      method: 'GET',
      path: '/v1/workspaces/{workspaceId}/tags',
      base: 'api',
      scope: 'TAG_READ',
    });
    expect(catalogue.get('getTimeOffRequest')).toMatchObject({ method: 'POST' });
  });

  it('says which permission an operation needs, where one is known', () => {
    expect(catalogue.get('getWorkspaceOfUser')?.scope).toBe('WORKSPACE_READ');
    expect(catalogue.get('getWorkspacesOfUser')?.scope).toBeNull();
  });

  it('sends ten operations to the reports host', () => {
    const reports = [...catalogue.values()].filter(({ base }) => base === 'reports');
    expect(reports).toHaveLength(10);
    expect(reports.map(({ operationId }) => operationId)).toContain('getSharedReportsV1');
  });

  it('names no operation twice', () => {
    const { paths } = bundled as { paths: Record<string, object> };
    expect(catalogue.size).toBe(Object.values(paths).flatMap((methods) => Object.keys(methods)).length);
  });
});

describe('a description', () => {
  it('may hold members of a path that are no methods', () => {
    const document = describing({ '/v1/tags': { get: getTags, parameters: [], summary: 'Tags' } });
    expect([...parseCatalogue(document).keys()]).toEqual(['getTags']);
  });

  it.each<[string, unknown]>([
    ['no document', null],
    ['no paths', {}],
    ['no operation', describing({})],
    ['no operation but other members', describing({ '/v1/tags': { parameters: [] } })],
    ['an operation without a name', describing({ '/v1/tags': { get: { 'x-base': 'api' } } })],
    ['an operation without a base', describing({ '/v1/tags': { get: { operationId: 'getTags' } } })],
    ['an unknown base', describing({ '/v1/tags': { get: { ...getTags, 'x-base': 'audit' } } })],
  ])('with %s is refused', (_, document) => {
    expect(() => parseCatalogue(document)).toThrow();
  });
});
