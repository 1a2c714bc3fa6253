import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { settingsTable } from './config.ts';

it('is told in the README as it is in the schema', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const rows = settingsTable.map(
    ({ name, default: fallback, meaning }) => `| \`${name}\` | ${fallback} | ${meaning} |`,
  );
  const told = readme.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line));
  expect(told).toEqual(rows);
});
