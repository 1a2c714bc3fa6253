import { describe, expect, it } from '@jest/globals';
import { webhookEvents } from '../api/operations.ts';
import { findManifestProblems } from './manifest-rules.ts';

const sound = {
  schemaVersion: '1.6',
  key: 'my-addon',
  name: 'My add-on',
  baseUrl: 'http://127.0.0.1:3000',
  minimalSubscriptionPlan: 'FREE',
  scopes: ['CLIENT_READ', 'CLIENT_WRITE'],
  lifecycle: [{ type: 'INSTALLED', path: '/lifecycle/installed' }],
  webhooks: [{ event: 'NEW_PROJECT', path: '/webhooks/NEW_PROJECT' }],
  components: [{ type: 'sidebar', label: 'Mine', accessLevel: 'ADMINS', path: '/ui' }],
  settings: {
    tabs: [{ id: 't', name: 'T', settings: [{ id: 's', name: 'S', accessLevel: 'ADMINS', type: 'NUMBER', value: 1 }] }],
  },
};

function withSetting(setting: Record<string, unknown>) {
  return { settings: { tabs: [{ id: 't', name: 'T', settings: [{ name: 'S', accessLevel: 'ADMINS', ...setting }] }] } };
}

describe('the manifest rules', () => {
  it('accept a sound manifest', () => {
    expect(findManifestProblems(sound, 'FREE')).toEqual([]);
    expect(webhookEvents).toHaveLength(51);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a missing key', { key: undefined }, /key/],
    ['a long name', { name: 'x'.repeat(51) }, /name/],
    ['an address without a scheme', { baseUrl: 'addon.example' }, /baseUrl/],
    ['an unknown plan', { minimalSubscriptionPlan: 'GOLD' }, /not a plan/],
    ['a plan above that of the workspace', { minimalSubscriptionPlan: 'PRO' }, /above/],
    ['an unknown version', { schemaVersion: '1.7' }, /schemaVersion/],
    ['an unknown scope', { scopes: ['EVERYTHING'] }, /scopes/],
    ['a scope named twice', { scopes: ['CLIENT_READ', 'CLIENT_READ'] }, /scopes/],
    ['an event no schema has', { webhooks: [{ event: 'TIME_ENTRY_BATCH_DELETED', path: '/x' }] }, /events/],
    [
      'two events on one path',
      { webhooks: ['NEW_TAG', 'NEW_TASK'].map((event) => ({ event, path: '/x' })) },
      /webhook paths/,
    ],
    [
      'more than 20 webhooks',
      { webhooks: webhookEvents.map((event) => ({ event, path: `/${event}` })) },
      /20 webhooks/,
    ],
    ['an unknown lifecycle type', { lifecycle: [{ type: 'UPDATED', path: '/x' }] }, /lifecycle types/],
    ['a component without a label', { components: [{ type: 'sidebar', accessLevel: 'ADMINS', path: '/' }] }, /label/],
    ['two sidebars', { components: [sound.components[0], sound.components[0]] }, /one sidebar/],
    ['a member the schema does not know', { $schema: 'x' }, /members/],
    ['a setting of another type than its value', withSetting({ id: 's', type: 'NUMBER', value: '1' }), /settings/],
    [
      'a choice that is not allowed',
      withSetting({ id: 's', type: 'DROPDOWN_SINGLE', value: 'c', allowedValues: ['a'] }),
      /settings/,
    ],
  ])('refuse %s', (_name, change, problem) => {
    expect(findManifestProblems({ ...sound, ...change }, 'FREE').join()).toMatch(problem);
  });

  it('refuse what is not an object', () => {
    expect(findManifestProblems([], 'FREE')).toEqual(['is not a JSON object']);
  });
});
