import { describe, expect, it, test } from '@jest/globals';
import {
  deletedPayloadSchema,
  installedPayloadSchema,
  settingsUpdatedPayloadSchema,
  statusChangedPayloadSchema,
} from './installation-payloads.ts';

const ref = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const installed = {
  ...ref,
  authToken: 'a.b.c',
  asUser: 'c'.repeat(24),
  apiUrl: 'https://api.clockify.me/api',
  addonUserId: 'd'.repeat(24),
  webhooks: [{ path: '/webhooks/clockify/NEW_TAG', webhookType: 'ADDON', authToken: 'd.e.f' }],
};

test('INSTALLED is read as documented; unknown members are dropped', () => {
  expect(installedPayloadSchema.parse({ ...installed, installationToken: 'x' })).toEqual({
    ...installed,
    webhooks: [{ path: '/webhooks/clockify/NEW_TAG', authToken: 'd.e.f' }],
  });
});

test.each(['webhooks', 'asUser', 'addonUserId'])('INSTALLED may lack %s', (name) => {
  expect(installedPayloadSchema.safeParse({ ...installed, [name]: undefined }).success).toBe(true);
  expect(installedPayloadSchema.safeParse({ ...installed, [name]: null }).success).toBe(true);
});

test.each(['workspaceId', 'addonId', 'authToken', 'apiUrl'])('INSTALLED needs %s', (name) => {
  for (const value of [undefined, null, 7, true, [], {}]) {
    expect(installedPayloadSchema.safeParse({ ...installed, [name]: value }).success).toBe(false);
  }
});

describe('STATUS_CHANGED', () => {
  it.each(['ACTIVE', 'INACTIVE'])('knows %s', (status) => {
    expect(statusChangedPayloadSchema.parse({ ...ref, status })).toEqual({ ...ref, status });
  });

  it.each(['active', 'DELETED', '', null, 1, ['ACTIVE']])('refuses %j', (status) => {
    expect(statusChangedPayloadSchema.safeParse({ ...ref, status }).success).toBe(false);
  });
});

describe('SETTINGS_UPDATED', () => {
  it.each(['text', 7, true, ['a', 'b']])('takes a value such as %j', (value) => {
    const settings = [{ id: 'x', name: 'X', value }];
    expect(settingsUpdatedPayloadSchema.parse({ ...ref, settings }).settings).toEqual([{ id: 'x', value }]);
  });

  it.each([{}, 'x', null, ['x'], [{}], [{ id: '', value: 1 }], [{ id: 7, value: 1 }]])(
    'refuses the list %j',
    (settings) => expect(settingsUpdatedPayloadSchema.safeParse({ ...ref, settings }).success).toBe(false),
  );
});

test('DELETED is the installation alone', () => {
  expect(deletedPayloadSchema.parse({ ...ref, asUser: 'x' })).toEqual(ref);
  expect(deletedPayloadSchema.safeParse({ workspaceId: ref.workspaceId }).success).toBe(false);
});
