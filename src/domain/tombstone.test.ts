import { expect, it } from '@jest/globals';
import { digestInstallation } from './tombstone.ts';

const ref = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };

it('is the same for the same installation and another for any other', () => {
  const digest = digestInstallation(ref);
  expect(digestInstallation({ ...ref })).toBe(digest);
  const others = [
    { ...ref, addonId: 'c'.repeat(24) },
    { ...ref, workspaceId: 'c'.repeat(24) },
    { workspaceId: ref.addonId, addonId: ref.workspaceId },
  ];
  expect(new Set([digest, ...others.map(digestInstallation)]).size).toBe(4);
});

it('holds neither of the ids', () => {
  expect(digestInstallation(ref)).toMatch(/^[0-9a-f]{64}$/);
  expect(digestInstallation(ref)).not.toContain(ref.workspaceId);
});
