import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { buildTokenContext } from '../domain/contract.ts';
import { createTokenSeal } from '../platform/token-seal.ts';
import { createInstallationAccess } from './installation-access.ts';

const seal = createTokenSeal([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
const other = createTokenSeal([{ id: 'k2', key: createSecretKey(randomBytes(32)) }]);

let mirror: TestMirror;
let access: ReturnType<typeof createInstallationAccess>;
beforeAll(async () => {
  mirror = await openTestMirror();
  access = createInstallationAccess({ orm: mirror.orm, seal });
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
});

const store = (column: 'token' | 'pending_token', sealed: string) =>
  mirror.rows(`update installations set ${column} = $1`, [sealed]);

describe('the token of an installation', () => {
  it('is opened, and shows itself only when asked', async () => {
    await store('token', seal.seal('secret-token', buildTokenContext(owner)));
    const { installation, credential } = await access.open(owner);
    const { secret } = credential;
    expect(installation).toMatchObject({ ...owner, apiUrl: 'https://api.clockify.me/api/v1' });
    expect(secret.reveal()).toBe('secret-token');
    expect([JSON.stringify(credential), inspect(credential)].join(' ')).not.toContain('secret-token');
  });

  it.each(['addon', 'personal'])('comes with the kind that the row says: %s', async (kind) => {
    await store('token', seal.seal('secret', buildTokenContext(owner)));
    await mirror.rows('update installations set kind = $1', [kind]);
    expect((await access.open(owner)).credential.kind).toBe(kind);
  });

  it('is read anew each time', async () => {
    await store('token', seal.seal('first', buildTokenContext(owner)));
    await access.open(owner);
    await store('token', seal.seal('second', buildTokenContext(owner)));
    expect((await access.open(owner)).credential.secret.reveal()).toBe('second');
  });

  it.each<[string, () => string]>([
    ['was sealed for another workspace', () => seal.seal('t', buildTokenContext(stranger))],
    ['was sealed by a key that is not configured', () => other.seal('t', buildTokenContext(owner))],
    ['was never sealed', () => 'token-in-clear'],
  ])('that %s cannot be opened', async (_, sealed) => {
    await store('token', sealed());
    await expect(access.open(owner)).rejects.toThrow('The sealed value cannot be opened.');
  });

  it('of an unknown installation is not found', async () => {
    await expect(access.open(stranger)).rejects.toEqual(expect.objectContaining({ code: 'not_found' }));
    await expect(access.open({ ...owner, addonId: stranger.addonId })).rejects.toEqual(
      expect.objectContaining({ code: 'not_found' }),
    );
  });
});

describe('the token that waits for its proof', () => {
  it('is null when none waits', async () => {
    expect(await access.openPending(owner)).toBeNull();
  });

  it('is opened without touching the one in use', async () => {
    await store('token', seal.seal('in-use', buildTokenContext(owner)));
    await store('pending_token', seal.seal('waiting', buildTokenContext(owner)));
    expect((await access.openPending(owner))?.credential.secret.reveal()).toBe('waiting');
    expect((await access.open(owner)).credential.secret.reveal()).toBe('in-use');
  });

  it('of an unknown installation is not found', async () => {
    await expect(access.openPending(stranger)).rejects.toEqual(expect.objectContaining({ code: 'not_found' }));
  });
});
