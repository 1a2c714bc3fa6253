import { describe, expect, it } from '@jest/globals';
import { webhookEvents } from './webhook-events.ts';
import type { WebhookEvent } from './webhook-events.ts';
import { buildWebhookUrl, planWebhooks } from './webhook-plan.ts';
import type { HeldWebhook, ListedHook } from './webhook-plan.ts';

const baseUrl = 'https://studio.example.org/addon';
const ref = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const earlier = { ...ref, addonId: 'c'.repeat(24) };
const elsewhere = { workspaceId: 'd'.repeat(24), addonId: 'b'.repeat(24) };

const urlOf = (event: WebhookEvent, of = ref): string => buildWebhookUrl(baseUrl, of, event);
const hook = (id: string, event: string, url: string, isOn = true): ListedHook => ({ id, event, url, isOn });
const made = (id: string, event: WebhookEvent, of = ref): ListedHook => hook(id, event, urlOf(event, of));
const declared = (id: string, event: WebhookEvent, isOn = true): ListedHook =>
  hook(id, event, `${baseUrl}//webhooks/clockify/${event}`, isOn);
const held = (event: WebhookEvent, webhookId: string | null = null): HeldWebhook => ({
  event,
  kind: webhookId === null ? 'manifest' : 'opaque',
  webhookId,
});
const plan = (hooks: readonly ListedHook[], holding: readonly HeldWebhook[] = [], base = baseUrl) =>
  planWebhooks({ baseUrl: base, ref, hooks, held: holding });
const others = (...events: WebhookEvent[]) => webhookEvents.filter((event) => !events.includes(event));

describe('the address of a webhook', () => {
  it.each(['https://studio.example.org/addon', 'https://studio.example.org/addon/'])(
    'below %s says whose it is',
    (base) => {
      expect(buildWebhookUrl(base, ref, 'NEW_TAG')).toBe(
        `https://studio.example.org/addon/webhooks/clockify/NEW_TAG?workspaceId=${ref.workspaceId}&addonId=${ref.addonId}`,
      );
    },
  );
});

describe('the plan', () => {
  it('adds all events where there is nothing, the most valuable first', () => {
    expect(plan([])).toEqual({ keep: [], renew: [], add: webhookEvents, remove: [] });
  });

  it('keeps what the manifest declares, listed or not, and notices one that is switched off', () => {
    const { keep, add } = plan([declared('1', 'NEW_TASK', false)], [held('NEW_TAG'), held('NEW_TASK')]);
    expect(keep).toEqual([
      { event: 'NEW_TASK', kind: 'manifest', webhookId: '1', isOn: false },
      { event: 'NEW_TAG', kind: 'manifest', webhookId: null, isOn: true },
    ]);
    expect(add).toEqual(others('NEW_TAG', 'NEW_TASK'));
  });

  it('keeps a webhook of ours whose token is held', () => {
    const result = plan([made('1', 'NEW_TAG')], [held('NEW_TAG', '1')]);
    expect(result).toEqual({
      keep: [{ event: 'NEW_TAG', kind: 'opaque', webhookId: '1', isOn: true }],
      renew: [],
      add: others('NEW_TAG'),
      remove: [],
    });
  });

  it.each([
    ['no token', []],
    ['the token of one that is gone', [held('NEW_TAG', 'gone')]],
  ])('renews a webhook of ours for which we hold %s', (_, holding) => {
    const { renew, add } = plan([made('1', 'NEW_TAG')], holding);
    expect(renew).toEqual([{ event: 'NEW_TAG', webhookId: '1' }]);
    expect(add).toEqual(others('NEW_TAG'));
  });

  it('adds again what is gone from the list', () => {
    expect(plan([], [held('NEW_TAG', '1')]).add).toEqual(webhookEvents);
  });

  it('removes twins, but not the one whose token is held', () => {
    const twins = ['1', '2', '3'].map((id) => made(id, 'NEW_TAG'));
    const { keep, remove } = plan(twins, [held('NEW_TAG', '2')]);
    expect(keep).toHaveLength(1);
    expect(remove).toEqual(['1', '3'].map((webhookId) => ({ event: 'NEW_TAG', webhookId })));
  });

  it('removes what an earlier installation left, and what the manifest declares as well', () => {
    const { remove } = plan([made('1', 'NEW_TASK', earlier), made('2', 'NEW_TAG')], [held('NEW_TAG')]);
    expect(remove).toEqual([
      { event: 'NEW_TASK', webhookId: '1' },
      { event: 'NEW_TAG', webhookId: '2' },
    ]);
  });

  it.each<[string, ListedHook]>([
    ['of another service', hook('1', 'NEW_TAG', 'https://example.org/hook')],
    ['of another deployment', hook('1', 'NEW_TAG', urlOf('NEW_TAG').replace('studio.', 'staging.'))],
    ['below another path', hook('1', 'NEW_TAG', urlOf('NEW_TAG').replace('/addon/', '/'))],
    ['at the route of another event', hook('1', 'TAG_DELETED', urlOf('NEW_TAG'))],
    ['of another workspace', made('1', 'NEW_TAG', elsewhere)],
    ['without an address', hook('1', 'NEW_TAG', 'not a url')],
    ['for an event nobody knows', hook('1', 'NEW_PLANET', `${baseUrl}/webhooks/clockify/NEW_PLANET`)],
  ])('leaves alone a webhook %s', (_, foreign) => {
    expect(plan([foreign])).toEqual({ keep: [], renew: [], add: webhookEvents, remove: [] });
  });

  it('is empty once it was carried out', () => {
    const hooks = webhookEvents.map((event) => made(event, event));
    const { keep, ...rest } = plan(
      hooks,
      webhookEvents.map((event) => held(event, event)),
    );
    expect(keep).toHaveLength(webhookEvents.length);
    expect(rest).toEqual({ renew: [], add: [], remove: [] });
  });
});
