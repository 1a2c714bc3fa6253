import { expect, test } from '@jest/globals';
import { parsePsqlScript } from './psql-script.ts';

test('statements, generated statements and databases come in their order', () => {
  const script = `-- who
select 'create role x'
where true
\\gexec

alter role x password :'secret';
\\connect other
grant all
  on y to x;
`;
  expect(parsePsqlScript(script, { secret: "it's" })).toEqual([
    { kind: 'gexec', text: "select 'create role x'\nwhere true" },
    { kind: 'statement', text: "alter role x password 'it''s';" },
    { kind: 'connect', text: 'other' },
    { kind: 'statement', text: 'grant all\n  on y to x;' },
  ]);
});

test.each([
  ["select :'unknown';", 'No value for unknown'],
  ['\\copy x from y', 'Not a command we know: \\copy'],
  ['select 1', 'The last statement does not end'],
])('%s is refused', (script, message) => {
  expect(() => parsePsqlScript(script, {})).toThrow(message);
});
