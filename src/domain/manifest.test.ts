import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { findManifestProblems } from '../../simulator/platform/manifest-rules.ts';
import { parseCatalogue } from './catalogue.ts';
import { buildManifest, parseManifest } from './manifest.ts';
import { readingRules } from './reading-rules.ts';
import { buildWebhookPath, eventsBySchemaVersion, schemaVersions, webhookEvents } from './webhook-events.ts';

const readJson = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')) as Record<string, unknown>;

const file = readJson('manifest.json');
const template = parseManifest(file);
const sidebar = { type: 'sidebar', label: 'Studio', accessLevel: 'ADMINS', path: '/ui' };
const minimal = {
  schemaVersion: '1.6',
  key: 'studio',
  name: 'Studio',
  baseUrl: 'https://addon.example.com',
  minimalSubscriptionPlan: 'FREE',
};

describe('manifest.json', () => {
  it('declares all 51 events of 1.6, each with a route of its own', () => {
    expect(template.schemaVersion).toBe('1.6');
    expect(template.webhooks).toEqual(webhookEvents.map((event) => ({ event, path: buildWebhookPath(event) })));
  });

  it('declares the four lifecycle events', () => {
    expect(template.lifecycle).toEqual([
      { type: 'INSTALLED', path: '/lifecycle/installed' },
      { type: 'DELETED', path: '/lifecycle/deleted' },
      { type: 'SETTINGS_UPDATED', path: '/lifecycle/settings-updated' },
      { type: 'STATUS_CHANGED', path: '/lifecycle/status-changed' },
    ]);
  });

  it('shows itself to administrators in the sidebar, with an icon, on every plan', () => {
    expect(template.components).toEqual([
      { type: 'sidebar', label: 'API Studio', accessLevel: 'ADMINS', path: '/ui', iconPath: template.iconPath },
    ]);
    expect(template.minimalSubscriptionPlan).toBe('FREE');
  });

  it('asks exactly for the scopes that operations of the catalogue need', () => {
    const paths = readJson('openapi.json')['paths'] as Record<string, Record<string, { 'x-scope'?: string }>>;
    const operations = Object.values(paths).flatMap((item) => Object.values(item));
    expect(new Set(template.scopes)).toEqual(new Set(operations.flatMap((operation) => operation['x-scope'] ?? [])));
  });
});

describe('buildManifest', () => {
  const options = { baseUrl: 'https://studio.example.org', key: 'own-key', webhookLimit: 20, readOnly: false };

  it('carries the address and key of the deployment and leaves the rest alone', () => {
    expect(buildManifest(template, options)).toEqual({
      ...template,
      baseUrl: 'https://studio.example.org',
      key: 'own-key',
      webhooks: template.webhooks.slice(0, 20),
    });
  });

  it.each([0, 3, 10, 20, 51])('declares the %i most valuable events, whatever the order of the template', (limit) => {
    const reversed = { ...template, webhooks: template.webhooks.toReversed() };
    const { webhooks } = buildManifest(reversed, { ...options, webhookLimit: limit });
    expect(webhooks.map(({ event }) => event)).toEqual(webhookEvents.slice(0, limit));
    expect(webhooks).toHaveLength(limit);
  });

  it('declares what the template has when the limit is higher', () => {
    const small = { ...template, webhooks: template.webhooks.slice(0, 2) };
    expect(buildManifest(small, options).webhooks).toHaveLength(2);
  });

  it('asks for no permission to write when it is to read only, and is still a manifest Clockify takes', () => {
    const { scopes = [], ...rest } = buildManifest(template, { ...options, readOnly: true });
    expect(scopes).toEqual(template.scopes?.filter((scope) => scope.endsWith('_READ')));
    expect(scopes).toHaveLength(15);
    expect(findManifestProblems({ ...rest, scopes }, 'FREE')).toEqual([]);
    expect({ ...rest, scopes: template.scopes }).toEqual(buildManifest(template, options));
  });

  it('asks for every permission the copy needs, even when it is to read only', () => {
    const { scopes = [] } = buildManifest(template, { ...options, readOnly: true });
    const catalogue = parseCatalogue(readJson('openapi.json'));
    const needed = readingRules.map(({ operationId }) => catalogue.get(operationId)?.scope);
    expect(scopes).toEqual(expect.arrayContaining(needed));
  });

  it('asks for nothing where the template asks for nothing', () => {
    const { scopes, ...without } = template;
    expect(scopes).toBeDefined();
    expect(buildManifest(without, { ...options, readOnly: true }).scopes).toBeUndefined();
  });

  it('refuses to serve a key that Clockify would refuse', () => {
    expect(() => buildManifest(template, { ...options, key: 'k' })).toThrow(/at key/);
  });
});

describe('parseManifest', () => {
  it('emits lists even where none are declared', () => {
    expect(parseManifest(minimal)).toEqual({ ...minimal, lifecycle: [], webhooks: [], components: [] });
  });

  it.each(schemaVersions)('accepts every event of %s and no other', (schemaVersion) => {
    const declare = (event: string): unknown => ({
      ...minimal,
      schemaVersion,
      scopes: [],
      webhooks: [{ event, path: '/hook' }],
    });
    const accepted = webhookEvents.filter((event) => {
      try {
        return parseManifest(declare(event)).webhooks.length === 1;
      } catch {
        return false;
      }
    });
    expect(new Set(accepted)).toEqual(new Set(eventsBySchemaVersion[schemaVersion]));
  });

  it.each([
    ['1.3', 'invoices.action', false],
    ['1.4', 'invoices.action', true],
    ['1.6', 'invoices.action', true],
    ['1.5.1', 'timeentries.action.uiblocks', false],
    ['1.6', 'timeentries.action.uiblocks', true],
  ])('in %s, a component of type %s: %s', (schemaVersion, type, valid) => {
    const parse = (): unknown => parseManifest({ ...minimal, schemaVersion, components: [{ ...sidebar, type }] });
    if (valid) expect(parse()).toMatchObject({ components: [{ type }] });
    else expect(parse).toThrow(/at components\[0\]\.type/);
  });

  it('lets 1.2 go without a label, but not without scopes', () => {
    const { label, ...unlabelled } = sidebar;
    const old = { ...minimal, schemaVersion: '1.2', components: [unlabelled] };
    expect(parseManifest({ ...old, scopes: ['TAG_READ'] })).toMatchObject({ scopes: ['TAG_READ'] });
    expect(() => parseManifest(old)).toThrow(/at scopes/);
    expect(() => parseManifest({ ...minimal, components: [unlabelled] })).toThrow(/at components\[0\]\.label/);
    const long = { ...sidebar, label: label.padEnd(26, '.') };
    expect(() => parseManifest({ ...old, scopes: [], components: [long] })).toThrow(/at components\[0\]\.label/);
  });

  it('accepts a settings page of our own, and the size of a widget', () => {
    const widget = { ...sidebar, type: 'widget', width: 20, height: 30 };
    expect(parseManifest({ ...minimal, settings: '/settings', components: [widget] })).toMatchObject({
      settings: '/settings',
      components: [widget],
    });
  });

  it('names every fault at once', () => {
    expect(() => parseManifest({ ...minimal, key: 'k', name: '' })).toThrow(/at key[^]*at name/);
  });

  const hook = { event: 'NEW_TAG', path: '/hook' };
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a member Clockify does not know', { $schema: 'x' }, /\$schema/],
    ['an unknown schema version', { schemaVersion: '1.7' }, /at schemaVersion/],
    ['a key of one character', { key: 'k' }, /at key/],
    ['a key of 51 characters', { key: 'k'.repeat(51) }, /at key/],
    ['an empty name', { name: '' }, /at name/],
    ['a name of 51 characters', { name: 'n'.repeat(51) }, /at name/],
    ['a base URL that is not http', { baseUrl: 'ftp://addon.example.com' }, /at baseUrl/],
    ['a missing base URL', { baseUrl: undefined }, /at baseUrl/],
    ['an unknown plan', { minimalSubscriptionPlan: 'GOLD' }, /at minimalSubscriptionPlan/],
    ['an unknown scope', { scopes: ['TAG_ADMIN'] }, /at scopes\[0\]/],
    ['a scope twice', { scopes: ['TAG_READ', 'TAG_READ'] }, /at scopes/],
    ['an event no version has', { webhooks: [{ ...hook, event: 'TIME_ENTRY_BATCH_DELETED' }] }, /at webhooks\[0\]/],
    ['an event twice', { webhooks: [hook, { ...hook, path: '/other' }] }, /at webhooks/],
    ['two events on one path', { webhooks: [hook, { event: 'TAG_DELETED', path: '/hook' }] }, /Paths must differ/],
    [
      'a lifecycle event on the path of a webhook',
      { webhooks: [hook], lifecycle: [{ type: 'INSTALLED', path: '/hook' }] },
      /Paths must differ/,
    ],
    ['an absolute path', { webhooks: [{ ...hook, path: 'https://other.example.com/hook' }] }, /at webhooks\[0\]\.path/],
    ['a path to another host', { iconPath: '//other.example.com/icon' }, /at iconPath/],
    ['an empty path', { webhooks: [{ ...hook, path: '' }] }, /at webhooks\[0\]\.path/],
    ['an unknown lifecycle event', { lifecycle: [{ type: 'UPDATED', path: '/x' }] }, /at lifecycle\[0\]\.type/],
    ['a component without access level', { components: [{ ...sidebar, accessLevel: undefined }] }, /accessLevel/],
    ['a component twice', { components: [sidebar, sidebar] }, /at components/],
    ['a second sidebar', { components: [sidebar, { ...sidebar, path: '/second' }] }, /one sidebar/],
    ['a sidebar with a size', { components: [{ ...sidebar, height: 20 }] }, /not a widget/],
  ])('refuses %s', (_, change, message) => {
    expect(() => parseManifest({ ...minimal, ...change })).toThrow(message);
  });

  it.each([null, [], 'manifest', 1])('refuses %j, which is no object', (json) => {
    expect(() => parseManifest(json)).toThrow(/The manifest is invalid/);
  });
});
