import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseCatalogue } from './catalogue.ts';
import { parseManifest } from './manifest.ts';
import { planProbes } from './probe-plan.ts';

const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const catalogue = parseCatalogue(readJson('openapi.json'));
const { scopes = [] } = parseManifest(readJson('manifest.json'));
const entitiesOf = (...args: Parameters<typeof planProbes>) => planProbes(...args).map(({ entity }) => entity);

it('tries every read permission of the manifest once, parents before children', () => {
  const planned = planProbes(catalogue, scopes, null);
  const reads = scopes.filter((scope) => scope.endsWith('_READ'));
  expect(planned.map(({ scope }) => scope).toSorted()).toEqual(reads.toSorted());
  const order = planned.map(({ entity }) => entity);
  expect(order[0]).toBe('workspace');
  expect(order.indexOf('projects')).toBeLessThan(order.indexOf('tasks'));
});

it('asks the host for reports for shared reports alone', () => {
  const planned = planProbes(catalogue, scopes, null).filter(({ base }) => base === 'reports');
  expect(planned).toEqual([{ scope: 'REPORTS_READ', entity: 'shared_reports', base: 'reports' }]);
});

it('leaves out what the features of the workspace do not include', () => {
  expect(entitiesOf(catalogue, scopes, ['EXPENSES'])).toEqual([
    'workspace',
    'users',
    'projects',
    'clients',
    'tags',
    'tasks',
    'time_entries',
    'user_groups',
    'expense_categories',
    'shared_reports',
  ]);
});

it.each<[string, string[], string[]]>([
  ['none when the manifest asks for none', [], []],
  ['none for writes', ['TAG_WRITE'], []],
  ['none for a permission nobody knows', ['ROCKET_READ'], []],
  ['one for each that is asked for', ['TAG_READ', 'GROUP_READ'], ['tags', 'user_groups']],
])('plans %s', (_, asked, entities) => {
  expect(entitiesOf(catalogue, asked, null)).toEqual(entities);
});
