import { beforeEach, describe, expect, it, test } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import type { Installation } from '../db/installation.entity.ts';
import { buildTokenContext } from '../domain/contract.ts';
import { createTokenSeal } from '../platform/token-seal.ts';
import type { ClockifyRead } from './clockify-calls.ts';
import { createViewerRoles } from './viewer-roles.ts';

const seal = createTokenSeal([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
const ref = { workspaceId: 'w1', addonId: 'a1' };
const installation = {
  ...ref,
  kind: 'addon',
  apiUrl: 'https://api.clockify.me/api/v1',
  ownerUserId: 'owner',
  token: seal.seal('admin-token', buildTokenContext(ref)),
} as Installation;

let pages: { body: unknown; lastPage: boolean | null }[];
let reads: ClockifyRead[];
let now: number;
beforeEach(() => {
  reads = [];
  now = 0;
});

const createRoles = () =>
  createViewerRoles({
    seal,
    clock: () => now,
    read: async (read) => {
      reads.push(read);
      const answer = pages[Number(read.url.searchParams.get('page')) - 1];
      if (answer === undefined) throw new Error('asked too far');
      return { ...answer, observedAt: '2026-01-01T00:00:00Z' };
    },
  });
const member = (id: string, ...roles: unknown[]) => ({ id, email: 'x', roles });
const only = (...members: unknown[]) => void (pages = [{ body: members, lastPage: true }]);

describe('an admin is recognised', () => {
  it.each<[string, unknown]>([
    ['by the name alone', 'WORKSPACE_ADMIN'],
    ['by the name in role', { role: 'WORKSPACE_ADMIN', userId: 'u1' }],
    ['by the name of the role', { role: { id: 'r', name: 'OWNER' } }],
    ['by the name of the entry', { id: 'r', name: 'workspace_admin' }],
  ])('%s', async (_, role) => {
    only(member('u1', { role: 'TEAM_MANAGER' }, role));
    expect(await createRoles().isAdmin(installation, 'u1')).toBe(true);
  });

  it('as the owner, whatever his roles are called', async () => {
    only({ id: 'owner' });
    expect(await createRoles().isAdmin(installation, 'owner')).toBe(true);
  });
});

test.each<[string, unknown[]]>([
  ['another role', [member('u1', { role: 'TEAM_MANAGER' })]],
  ['no roles', [{ id: 'u1', roles: null }]],
  ['a role in a form we do not know', [member('u1', { kind: 'OWNER' }, 7, null)]],
  ['somebody else with the role', [member('u2', 'OWNER'), member('u1')]],
])('%s does not make an admin', async (_, members) => {
  only(...members);
  expect(await createRoles().isAdmin(installation, 'u1')).toBe(false);
});

test('an owner who is no active member any more is no admin', async () => {
  only(member('u2'));
  expect(await createRoles().isAdmin(installation, 'owner')).toBe(false);
});

test('members are read with the installation token, active ones only, with their roles', async () => {
  only(member('u1', 'ADMIN'));
  await createRoles().isAdmin(installation, 'u1');
  expect(reads[0]?.url.href).toBe(
    'https://api.clockify.me/api/v1/workspaces/w1/users?status=ACTIVE&include-roles=true&sort-column=ID&page=1&page-size=200',
  );
  expect(reads[0]?.credential.kind).toBe('addon');
  expect(reads[0]?.credential.secret.reveal()).toBe('admin-token');
  expect(reads[0]?.workspaceId).toBe('w1');
});

test('further pages are read until the viewer is found', async () => {
  pages = [
    { body: [member('u2')], lastPage: false },
    { body: [member('u3'), member('u1', 'ADMIN')], lastPage: false },
  ];
  expect(await createRoles().isAdmin(installation, 'u1')).toBe(true);
  expect(reads).toHaveLength(2);
});

test.each([true, null])('the search ends with the last page, also when nobody says so (%j)', async (lastPage) => {
  pages = [
    { body: [member('u2')], lastPage: false },
    { body: lastPage === null ? [] : [member('u3')], lastPage },
  ];
  expect(await createRoles().isAdmin(installation, 'u1')).toBe(false);
});

test('an answer is used for a minute, for this user of this workspace', async () => {
  only(member('u1', 'ADMIN'), member('u2'));
  const roles = createRoles();
  await roles.isAdmin(installation, 'u1');
  only(member('u1'), member('u2'));
  now = 59_999;
  expect(await roles.isAdmin(installation, 'u1')).toBe(true);
  expect(await roles.isAdmin(installation, 'u2')).toBe(false);
  expect(reads).toHaveLength(2);
  now = 60_000;
  expect(await roles.isAdmin(installation, 'u1')).toBe(false);
});

test("an answer that is no list of members is nobody's permission", async () => {
  only();
  pages = [{ body: { users: [] }, lastPage: true }];
  await expect(createRoles().isAdmin(installation, 'u1')).rejects.toMatchObject({ code: 'clockify_answer_malformed' });
});
