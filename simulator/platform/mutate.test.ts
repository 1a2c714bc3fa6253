import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startInstalled, type Installed } from '../test-support/installed.ts';
import type { Row } from '../world/types.ts';
import type { Mutation } from './mutate.ts';
import { splitEntry } from './split-entry.ts';

let installed: Installed;

beforeAll(async () => {
  installed = await startInstalled({ profile: 'XS', seed: 3 });
});
afterAll(() => installed.close());

const mutate = (mutation: Mutation) => installed.simulator.mutate(installed.install.workspaceId, mutation);
const rows = (entity: Mutation['entity']) => installed.simulator.rows(installed.install.workspaceId, entity);

it('gives fresh rows the fields it is told', () => {
  const { inserted } = mutate({ entity: 'tags', insert: 2, fields: { name: 'mine' } });

  expect(
    rows('tags')
      .filter((row) => row['name'] === 'mine')
      .map((row) => row['id']),
  ).toEqual(inserted);
});

it('brings back what was removed, once, and nothing that never was', () => {
  const before = rows('tags');
  const key = String(before[0]?.['id']);
  mutate({ entity: 'tags', remove: [key] });

  expect(mutate({ entity: 'tags', restore: [key, key, 'nobody'] }).inserted).toEqual([key]);
  expect(rows('tags')).toEqual(before);
});

it('cuts time entries and nothing else', () => {
  const [tag] = rows('tags');

  expect(mutate({ entity: 'tags', split: [String(tag?.['id'])] })).toEqual({ inserted: [], updated: [], removed: [] });
});

it('refuses a collection that does not exist', () => {
  expect(() => mutate({ entity: 'planets' as 'tags' })).toThrow('unknown entity');
});

it.each([
  ['10:00:00', '12:00:00', '11:00:00', 'PT1H'],
  ['10:00:00', null, '10:30:00', null],
])('cuts %s to %s at %s', (start, end, middle, duration) => {
  const at = (time: string | null) => (time === null ? null : `2026-11-21T${time}Z`);
  const entry: Row = { id: 'one', billable: true, timeInterval: { start: at(start), end: at(end), duration: 'PT2H' } };
  const [first, second] = splitEntry(entry, 'two', Date.parse('2026-11-21T11:00:00Z'));

  expect(first).toMatchObject({ id: 'one', billable: true, timeInterval: { start: at(start), end: at(middle) } });
  expect(second).toEqual({ ...entry, id: 'two', timeInterval: { start: at(middle), end: at(end), duration } });
});
