import { describe, expect, it } from '@jest/globals';
import { useWebhookRegistration } from '../../test/support/webhook-registration.ts';
import { declaredCount } from '../../test/support/webhook-stage.ts';
import { loadCoverage } from '../db/coverage.ts';
import { findEventOfPath, webhookEvents } from '../domain/webhook-events.ts';
import { buildWebhookUrl } from '../domain/webhook-plan.ts';
import { isOpen } from '../domain/webhook-states.ts';
import { digestToken } from '../platform/token-digest.ts';

const {
  stage,
  installed,
  install,
  registrar,
  register,
  hooks,
  made,
  operations,
  loadEvents,
  disturb,
  countStates,
  expectHeld,
} = useWebhookRegistration();

describe('a registration', () => {
  it('adopts what the manifest declares and makes the rest, for the whole workspace, at the address of ours', async () => {
    await install();
    expect(await register()).toEqual({ added: 31, kept: 20, renewed: 0, removed: 0, shortfall: null });
    expect(await countStates()).toEqual({ adopted: 20, registered: 31 });
    expect(
      hooks()
        .map(({ hook }) => hook.webhookEvent)
        .toSorted(),
    ).toEqual(webhookEvents.toSorted());
    for (const { hook } of made()) {
      const event = findEventOfPath(new URL(hook.url).pathname);
      expect(hook).toMatchObject({ webhookEvent: event, triggerSource: [], triggerSourceType: 'WORKSPACE_ID' });
      expect(hook.url).toBe(buildWebhookUrl(stage().deps.baseUrl, installed(), event ?? 'NEW_TAG'));
      expect(hook.name.length).toBeLessThanOrEqual(30);
    }
    await expectHeld();
  });

  it('that is made again changes nothing', async () => {
    await install();
    await register();
    const before = hooks();
    stage().simulator.resetLedger();
    expect(await register(true)).toEqual({ added: 0, kept: 51, renewed: 0, removed: 0, shortfall: null });
    expect(hooks()).toEqual(before);
    expect(operations()).toEqual({ getWebhooks: { 200: 1 }, getAddonWebhooks: { 200: 1 } });
  });

  it.each([
    ['is closed', {}, 'getWebhooks', 401],
    ['answers 403', { kind: 'feature-gated', status: 403, operationId: 'getWebhooks' } as const, 'getWebhooks', 403],
  ])('that finds the family %s asks once and records it for all', async (name, fault, operation, status) => {
    await install({ open: name !== 'is closed' });
    if ('kind' in fault) disturb(fault);
    expect(await register()).toMatchObject({ added: 0, kept: 20, shortfall: expect.stringMatching(/does not open/) });
    expect(await countStates()).toEqual({ adopted: 20, not_accessible: 31 });
    expect(operations()).toEqual({ [operation]: { [status]: 1 } });
  });

  it('that may list, but not make, tries once', async () => {
    await install();
    disturb({ kind: 'status', status: 401, body: '{"message":"API is not accessible"}', operationId: 'createWebhook' });
    await register();
    expect(await countStates()).toEqual({ adopted: 20, not_accessible: 31 });
    expect(operations()['createWebhook']).toEqual({ 401: 1 });
  });

  it.each([3, 10, 20, 31])('beneath a cap of %i makes the most valuable and asks once more', async (cap) => {
    await install({ cap });
    await register();
    expect(await countStates()).toEqual({ adopted: 20, registered: cap, ...(cap < 31 && { cap_reached: 31 - cap }) });
    expect(made().map(({ hook }) => hook.webhookEvent)).toEqual(
      webhookEvents.slice(declaredCount, declaredCount + cap),
    );
    expect(operations()['createWebhook']).toEqual({ 201: cap, ...(cap < 31 && { 400: 1 }) });
    const events = await loadEvents();
    expect(new Set(events.filter(isOpen).map(({ event }) => event))).toEqual(
      new Set(hooks().map(({ hook }) => hook.webhookEvent)),
    );
    await expectHeld();
  });

  it('goes on where one event is refused, and ends where two in a row are', async () => {
    await install();
    const refusal = { kind: 'status', status: 400, body: '{"code":3000}', operationId: 'createWebhook' } as const;
    disturb({ ...refusal, skip: 1, times: 1 }, { ...refusal, skip: 4, times: 5 });
    await register();
    const { refused, registered } = await countStates();
    expect([refused, registered]).toEqual([1 + 31 - 5, 4]);
  });
});

describe('a check', () => {
  it('finds webhooks that are switched off, of the manifest or not, and their kinds of rows are no longer pushed', async () => {
    await install();
    await register();
    const wayOf = async (...wanted: string[]) =>
      (await loadCoverage(stage().mirror.orm, installed())).entities
        .filter(({ entity }) => wanted.includes(entity))
        .map(({ way }) => way);
    expect(await wayOf('invoices', 'tags', 'clients')).toEqual(['push', 'push', 'push']);
    const switches = { NEW_INVOICE: 'enabled', TAG_UPDATED: 'deliveryEnabled', CLIENT_DELETED: 'planEnabled' };
    for (const [event, name] of Object.entries(switches)) {
      const hook = hooks().find((known) => known.hook.webhookEvent === event)?.hook;
      stage().simulator.setHook(installed().workspaceId, hook?.id ?? '', { [name]: false });
    }
    await register();
    expect(await countStates()).toEqual({ adopted: 19, registered: 29, disabled: 3 });
    expect(await wayOf('invoices', 'tags', 'clients')).toEqual(['poll', 'poll', 'poll']);
  });

  it('makes a webhook again that somebody took away', async () => {
    await install({ cap: 5 });
    await register();
    const [first] = made();
    const url = `${stage().simulator.url}/api/v1/workspaces/${installed().workspaceId}/webhooks/${first?.hook.id}`;
    const headers = { 'x-addon-token': installed().installationToken };
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(200);
    expect(await register()).toMatchObject({ added: 1, kept: 24 });
    await expectHeld();
  });

  it('of a family that was closed meanwhile keeps the webhooks there are', async () => {
    await install({ cap: 5 });
    await register();
    stage().simulator.setWebhooks(installed().workspaceId, { open: false });
    await register();
    expect(await countStates()).toEqual({ adopted: 20, registered: 5, not_accessible: 26 });
  });
});

describe('by order', () => {
  const headers = () => ({ 'x-addon-token': installed().installationToken, 'content-type': 'application/json' });
  const addHook = (url: string, event: string) =>
    fetch(`${stage().simulator.url}/api/v1/workspaces/${installed().workspaceId}/webhooks`, {
      method: 'POST',
      headers: headers(),
      body: JSON.stringify({
        name: 'left over',
        url,
        webhookEvent: event,
        triggerSource: [],
        triggerSourceType: 'WORKSPACE_ID',
      }),
    });

  it('twins and leftovers are shown first, then removed; a webhook of somebody else stays', async () => {
    await install();
    await register();
    const earlier = { workspaceId: installed().workspaceId, addonId: 'f'.repeat(24) };
    await addHook(buildWebhookUrl(stage().deps.baseUrl, installed(), 'TAG_UPDATED'), 'TAG_UPDATED');
    await addHook(buildWebhookUrl(stage().deps.baseUrl, earlier, 'NEW_TASK'), 'NEW_TASK');
    await addHook('https://example.org/mine', 'NEW_TASK');
    const preview = await registrar().preview(installed());
    expect(preview).toMatchObject({ add: [], renew: [], closedBecause: null });
    expect(preview.remove.map(({ event }) => event).toSorted()).toEqual(['NEW_TASK', 'TAG_UPDATED']);
    expect(made()).toHaveLength(34);
    expect(await register(true)).toEqual({ added: 0, kept: 51, renewed: 0, removed: 2, shortfall: null });
    expect(made()).toHaveLength(32);
    await expect(registrar().preview(installed())).resolves.toMatchObject({ add: [], renew: [], remove: [] });
  });

  it('what an earlier installation left makes room beneath the cap', async () => {
    await install();
    const earlier = { workspaceId: installed().workspaceId, addonId: 'f'.repeat(24) };
    for (const event of ['NEW_TASK', 'NEW_TAG'] as const)
      await addHook(buildWebhookUrl(stage().deps.baseUrl, earlier, event), event);
    stage().simulator.setWebhooks(installed().workspaceId, { cap: 2 });
    expect(await register()).toMatchObject({ added: 0, removed: 0, shortfall: expect.stringMatching(/no more/) });
    expect(await register(true)).toMatchObject({ added: 2, removed: 2 });
    await expectHeld();
  });

  it('a preview says what is closed', async () => {
    await install({ open: false });
    const preview = await registrar().preview(installed());
    expect(preview.closedBecause).toMatch(/does not open/);
    expect([preview.keep.length, preview.add.length]).toEqual([20, 31]);
  });

  it('a preview fails while Clockify does not answer', async () => {
    await install();
    disturb({ kind: 'status', status: 503, operationId: 'getWebhooks' });
    await expect(registrar().preview(installed())).rejects.toMatchObject({ code: 'clockify_unavailable' });
  });

  it('every token that we can replace is another one, in Clockify and with us', async () => {
    await install({ cap: 5 });
    await register();
    const before = made().map(({ hook }) => hook.authToken);
    expect(await registrar().rotate(installed())).toEqual({ replaced: 5, held: 5, shortfall: null });
    const after = made().map(({ hook }) => hook.authToken);
    expect(after).toHaveLength(5);
    expect(after.filter((token) => before.includes(token))).toEqual([]);
    expect(hooks()).toHaveLength(25);
    const rows = await stage().mirror.rows(`select token_digest from webhook_registrations where kind = 'opaque'`);
    expect(rows.map((row) => String(row['token_digest'])).toSorted()).toEqual(after.map(digestToken).toSorted());
  });

  it('tokens that Clockify does not replace are counted', async () => {
    await install({ cap: 5 });
    await register();
    stage().simulator.setWebhooks(installed().workspaceId, { open: false });
    expect(await registrar().rotate(installed())).toEqual({
      replaced: 0,
      held: 5,
      shortfall: expect.stringMatching(/does not open/),
    });
  });
});

describe('nothing is asked of Clockify', () => {
  it('by a deployment that may not write', async () => {
    await install();
    const readOnly = registrar({ mayWrite: false });
    expect(await readOnly.register(installed())).toMatchObject({
      shortfall: expect.stringMatching(/permission to write/),
    });
    expect(await countStates()).toEqual({ adopted: 20, not_accessible: 31 });
    expect(stage().simulator.ledger(installed().workspaceId).requests).toBe(0);
  });

  it.each([
    ['is switched off', `update installations set status = 'inactive'`, 'installation_inactive'],
    ['is gone', 'delete from installations', 'not_found'],
    ['is a personal copy', `update installations set kind = 'personal'`, 'conflict'],
  ])('for an installation that %s', async (_, change, code) => {
    await install();
    await stage().mirror.rows(change);
    await expect(register()).rejects.toMatchObject({ code });
    await expect(registrar().preview(installed())).rejects.toMatchObject({ code });
    await expect(registrar().rotate(installed())).rejects.toMatchObject({ code });
    expect(stage().simulator.ledger(installed().workspaceId).requests).toBe(0);
  });
});
