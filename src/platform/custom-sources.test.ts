import { expect, it } from '@jest/globals';
import { customSources } from './custom-sources.ts';

const source = { source: 'billing', workspaceId: 'a'.repeat(24), secret: 's'.repeat(32) };
const read = (value: unknown) => customSources().safeParse(typeof value === 'string' ? value : JSON.stringify(value));

it('reads a list, and hides the secrets', () => {
  const [read0] = read([source]).data ?? [];
  expect(read0?.secret.reveal()).toBe(source.secret);
  expect(JSON.stringify(read([source]).data)).not.toContain(source.secret);
  expect(read('[]').data).toEqual([]);
});

it.each<[string, unknown]>([
  ['no JSON', '[{'],
  ['no list', source],
  ['a source twice', [source, { ...source, workspaceId: 'b'.repeat(24) }]],
  ['a name that is no part of an address', [{ ...source, source: 'a/b' }]],
  ['a workspace that is none', [{ ...source, workspaceId: 'x' }]],
  ['a short secret', [{ ...source, secret: 'sssshort' }]],
  ['no secret', [{ ...source, secret: undefined }]],
  ['a field too many', [{ ...source, addonId: 'x' }]],
])('refuses %s, and shows no secret', (_, value) => {
  const { error } = read(value);
  expect(error?.issues[0]?.message).toMatch(/^must be a JSON list/);
  expect(JSON.stringify(error)).not.toMatch(/ssss/);
});
