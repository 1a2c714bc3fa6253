import { expect, it, test } from '@jest/globals';
import { createTokenVerifier } from '../../src/clockify/token-verifier.ts';
import { buildPersonalId } from '../../src/domain/contract.ts';
import { createTokenMint } from '../../test/support/token-mint.ts';
import { addonKey } from '../demo/environments.ts';
import { createLocalTokens } from './local-tokens.ts';

const userId = 'c'.repeat(24);
const ref = { workspaceId: 'a'.repeat(24), addonId: buildPersonalId(userId) };
const tokens = createLocalTokens();
const verifier = createTokenVerifier({ publicKeys: [tokens.publicKey], addonKey });
const refusal = (reason: string) => expect.objectContaining({ code: 'invalid_token', details: { reason } });

test('a token opens the page of the copy, for as long as it was made for', async () => {
  const token = await tokens.mint(ref, userId, 2);
  expect(await verifier.verifyToken(token, 'user')).toMatchObject({ ...ref, user: userId, workspaceRole: 'OWNER' });
  const later = new Date(Date.now() + 2 * 3_600_000 + 61_000);
  await expect(verifier.verifyToken(token, 'user', later)).rejects.toEqual(refusal('expired'));
});

it.each(['lifecycle', 'webhook', 'installation'] as const)('is no %s token', async (kind) => {
  const token = await tokens.mint(ref, userId, 1);
  await expect(verifier.verifyToken(token, kind)).rejects.toEqual(refusal('kind_mismatch'));
});

test('only what this process signed is trusted: neither Clockify nor another start', async () => {
  const foreign = createTokenMint();
  const theirs = foreign.signClaims({ ...foreign.claimsOf.user(ref), iss: 'clockify', sub: addonKey, type: 'addon' });
  await expect(verifier.verifyToken(theirs, 'user')).rejects.toEqual(refusal('signature'));
  const earlier = await createLocalTokens().mint(ref, userId, 1);
  await expect(verifier.verifyToken(earlier, 'user')).rejects.toEqual(refusal('signature'));
});
