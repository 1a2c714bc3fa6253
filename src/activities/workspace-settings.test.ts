import { expect, it } from '@jest/globals';
import { buildSettingsUrl, listCurrentSettings } from './workspace-settings.ts';

it('asks beside the versioned API', () => {
  const url = buildSettingsUrl('https://api.clockify.me/api/v1', 'w1');
  expect(url.href).toBe('https://api.clockify.me/api/addon/workspaces/w1/settings');
});

it('takes values out of tabs and groups', () => {
  const body = {
    tabs: [
      { id: 't', name: 'T', settings: [{ id: 'a', name: 'A', value: true }] },
      { id: 'u', name: 'U', groups: [{ id: 'g', settings: [{ id: 'b', name: 'B', value: 4 }] }] },
    ],
  };
  expect(listCurrentSettings(body)).toEqual([
    { id: 'a', value: true },
    { id: 'b', value: 4 },
  ]);
});

it.each([[null], [[]], [{}], [{ tabs: 'none' }], [{ tabs: [{ settings: [{ value: 1 }] }] }]])(
  'takes nothing out of %j',
  (body) => {
    expect(listCurrentSettings(body)).toEqual([]);
  },
);
