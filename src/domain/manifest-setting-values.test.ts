import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { listSettings } from './manifest-settings.ts';
import { parseSettings } from './manifest-setting-values.ts';
import { parseManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';

const manifest = parseManifest(JSON.parse(readFileSync(new URL('../../manifest.json', import.meta.url), 'utf8')));

const withSettings = (...settings: Record<string, unknown>[]): Manifest =>
  parseManifest({
    ...manifest,
    settings: {
      tabs: [
        {
          id: 'tab',
          name: 'Tab',
          groups: [{ id: 'group', title: 'Group', settings: settings.map((setting) => ({ ...base, ...setting })) }],
        },
      ],
    },
  });
const base = { id: 'own', name: 'Own', accessLevel: 'ADMINS' };

const fieldsOf = (values: unknown, of: Manifest = manifest): unknown => {
  try {
    return parseSettings(of, values);
  } catch (error) {
    return (error as { details: { fields: unknown } }).details.fields;
  }
};

describe('the settings of manifest.json', () => {
  it('are these, with these defaults', () => {
    if (typeof manifest.settings !== 'object') throw new Error('the settings are not structured');
    expect(listSettings(manifest.settings).map(({ id, type, value }) => [id, type, value])).toEqual([
      ['auto_bootstrap', 'CHECKBOX', true],
      ['requests_per_second', 'NUMBER', 48],
      ['logging_level', 'DROPDOWN_SINGLE', 'info'],
      ['developer_mode', 'CHECKBOX', false],
      ['forwarding_url', 'TXT', ''],
    ]);
  });
});

describe('parseSettings', () => {
  it('reads the flat list back by id', () => {
    const list = [
      { id: 'auto_bootstrap', name: 'Copy', value: false },
      { id: 'requests_per_second', name: 'Rate', value: 10 },
      { id: 'logging_level', name: 'Level', value: 'debug' },
      { id: 'developer_mode', name: 'Developer', value: true },
      { id: 'forwarding_url', name: 'URL', value: 'https://example.com/hook' },
    ];
    expect(parseSettings(manifest, list)).toEqual({
      values: Object.fromEntries(list.map(({ id, value }) => [id, value])),
      ignored: [],
    });
  });

  it('accepts a part of the settings, and none', () => {
    expect(parseSettings(manifest, [{ id: 'developer_mode', value: true }]).values).toEqual({ developer_mode: true });
    expect(parseSettings(manifest, [])).toEqual({ values: {}, ignored: [] });
  });

  it('reports unknown ids and takes the others', () => {
    const list = [
      { id: 'colour', value: { r: 1 } },
      { id: '__proto__', value: 1 },
      { id: 'requests_per_second', value: 5 },
    ];
    expect(parseSettings(manifest, list)).toEqual({
      values: { requests_per_second: 5 },
      ignored: ['colour', '__proto__'],
    });
  });

  it('lets the last value of an id win', () => {
    const list = [3, 4].map((value) => ({ id: 'requests_per_second', value }));
    expect(parseSettings(manifest, list).values).toEqual({ requests_per_second: 4 });
  });

  it.each([1, 50])('accepts %d requests per second', (value) => {
    expect(parseSettings(manifest, [{ id: 'requests_per_second', value }]).values).toEqual({
      requests_per_second: value,
    });
  });

  it.each([
    ['requests_per_second', 0],
    ['requests_per_second', 51],
    ['requests_per_second', 1.5],
    ['requests_per_second', '48'],
    ['auto_bootstrap', 'true'],
    ['developer_mode', 1],
    ['logging_level', 'loud'],
    ['logging_level', ''],
    ['forwarding_url', null],
    ['forwarding_url', ['https://example.com']],
    ['forwarding_url', undefined],
  ])('refuses %s = %j, and says where', (id, value) => {
    expect(
      fieldsOf([
        { id: 'auto_bootstrap', value: true },
        { id, value },
      ]),
    ).toEqual([{ path: '/1/value', message: expect.any(String) }]);
  });

  it('names every value that does not fit, and takes none', () => {
    const list = [
      { id: 'auto_bootstrap', value: 'yes' },
      { id: 'developer_mode', value: true },
      { id: 'logging_level', value: 7 },
    ];
    expect(fieldsOf(list)).toMatchObject([{ path: '/0/value' }, { path: '/2/value' }]);
    expect(() => parseSettings(manifest, list)).toThrow(expect.objectContaining({ code: 'validation_failed' }));
  });

  it.each([
    [{ id: 'auto_bootstrap', value: true }, ''],
    [null, ''],
    [['auto_bootstrap'], '/0'],
    [[{ value: true }], '/0/id'],
    [[{ id: 7, value: true }], '/0/id'],
  ])('refuses %j, which is no flat list', (values, path) => {
    expect(fieldsOf(values)).toEqual([{ path, message: expect.any(String) }]);
  });

  it.each([
    [{ type: 'TXT', value: 'x' }, 'new', ''],
    [{ type: 'USER_DROPDOWN_SINGLE', value: '' }, 'user', ''],
    [{ type: 'USER_DROPDOWN_MULTIPLE', value: [] }, ['user'], []],
    [{ type: 'DROPDOWN_MULTIPLE', value: ['a'], allowedValues: ['a', 'b'] }, ['a', 'b'], []],
  ])('of a required setting %j takes %j and refuses %j', (setting, good, empty) => {
    const required = withSettings({ ...setting, required: true });
    expect(parseSettings(required, [{ id: 'own', value: good }]).values).toEqual({ own: good });
    expect(fieldsOf([{ id: 'own', value: empty }], required)).toEqual([
      { path: '/0/value', message: 'Must not be empty' },
    ]);
    expect(parseSettings(withSettings(setting), [{ id: 'own', value: empty }]).values).toEqual({ own: empty });
  });

  it('takes a plain number of any size', () => {
    const plain = withSettings({ type: 'NUMBER', value: 0 });
    expect(parseSettings(plain, [{ id: 'own', value: -1.5 }]).values).toEqual({ own: -1.5 });
  });

  it('ignores every id when the manifest has a settings page of its own', () => {
    const { settings, ...rest } = manifest;
    const list = [{ id: 'developer_mode', value: true }];
    expect(settings).toBeDefined();
    for (const other of [parseManifest(rest), parseManifest({ ...rest, settings: '/settings' })]) {
      expect(parseSettings(other, list)).toEqual({ values: {}, ignored: ['developer_mode'] });
    }
  });
});

describe('a manifest', () => {
  it.each<[string, Record<string, unknown>[]]>([
    ['an unknown type', [{ type: 'DATE', value: '2026-01-01' }]],
    ['a default of another type', [{ type: 'NUMBER', value: '48' }]],
    ['a dropdown without choices', [{ type: 'DROPDOWN_SINGLE', value: 'a' }]],
    ['a default that is no choice', [{ type: 'DROPDOWN_SINGLE', value: 'c', allowedValues: ['a', 'b'] }]],
    ['a choice twice', [{ type: 'DROPDOWN_SINGLE', value: 'a', allowedValues: ['a', 'a'] }]],
    ['a rate above the limit', [{ id: 'requests_per_second', type: 'NUMBER', value: 51 }]],
    ['no access level', [{ type: 'TXT', value: '', accessLevel: undefined }]],
    ['a member Clockify does not know', [{ type: 'TXT', value: '', colour: 'red' }]],
    ['a group without settings', []],
    [
      'an id twice',
      [
        { type: 'TXT', value: '' },
        { type: 'CHECKBOX', value: true },
      ],
    ],
  ])('is refused when its settings have %s', (_, settings) => {
    expect(() => withSettings(...settings)).toThrow(/settings/);
  });

  it('is refused when it has structured settings without a tab', () => {
    expect(() => parseManifest({ ...manifest, settings: { tabs: [] } })).toThrow(/settings/);
  });
});
