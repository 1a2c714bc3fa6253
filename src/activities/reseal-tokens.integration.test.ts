import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { buildTokenContext } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { createTokenSeal } from '../platform/token-seal.ts';
import { resealTokens } from './reseal-tokens.ts';

const keyNamed = (id: string) => ({ id, key: createSecretKey(randomBytes(32)) });
const [older, newer] = [keyNamed('2025'), keyNamed('2026')];
const before = createTokenSeal([older]);
const rotated = createTokenSeal([newer, older]);
const after = createTokenSeal([newer]);

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
  await install(mirror.orm, stranger);
});

const store = (ref: InstallationRef, column: 'token' | 'pending_token', sealed: string) =>
  mirror.rows(`update installations set ${column} = $1 where workspace_id = $2`, [sealed, ref.workspaceId]);

async function stored(ref: InstallationRef, column: 'token' | 'pending_token'): Promise<string> {
  const sql = `select ${column} as sealed from installations where workspace_id = $1`;
  const [row] = await mirror.rows(sql, [ref.workspaceId]);
  return String(row?.['sealed']);
}

const reseal = (seal = rotated): Promise<number> => resealTokens({ orm: mirror.orm, seal });

test('afterwards the new key alone opens every token, waiting ones too', async () => {
  await store(owner, 'token', before.seal('of owner', buildTokenContext(owner)));
  await store(owner, 'pending_token', before.seal('waiting', buildTokenContext(owner)));
  await store(stranger, 'token', before.seal('of stranger', buildTokenContext(stranger)));
  expect(await reseal()).toBe(3);
  expect(after.open(await stored(owner, 'token'), buildTokenContext(owner)).reveal()).toBe('of owner');
  expect(after.open(await stored(owner, 'pending_token'), buildTokenContext(owner)).reveal()).toBe('waiting');
  expect(after.open(await stored(stranger, 'token'), buildTokenContext(stranger)).reveal()).toBe('of stranger');
});

test('what the new key sealed already stays as it is', async () => {
  for (const ref of [owner, stranger]) await store(ref, 'token', before.seal('t', buildTokenContext(ref)));
  await reseal();
  const sealed = await stored(owner, 'token');
  expect(await reseal()).toBe(0);
  expect(await stored(owner, 'token')).toBe(sealed);
});

test('a token whose key is gone stops it, and stays as it is', async () => {
  await store(owner, 'token', rotated.seal('t', buildTokenContext(owner)));
  const sealed = createTokenSeal([keyNamed('2024')]).seal('t', buildTokenContext(stranger));
  await store(stranger, 'token', sealed);
  await expect(reseal()).rejects.toThrow('The sealed value cannot be opened.');
  expect(await stored(stranger, 'token')).toBe(sealed);
});
