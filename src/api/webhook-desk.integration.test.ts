import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { InstallResult } from '../../simulator/platform/requests.ts';
import { startTestApi } from '../../test/support/api.ts';
import type { TestApi } from '../../test/support/api.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { openWebhookStage } from '../../test/support/webhook-stage.ts';
import type { StageSettings, WebhookStage } from '../../test/support/webhook-stage.ts';
import { createWebhookRegistrar } from '../activities/webhook-registrar.ts';
import { loadOperatorActions } from '../db/operator-actions.ts';
import type { WebhookVerb } from '../domain/operator-orders.ts';
import { createWebhookDesk } from './webhook-desk.ts';
import type { WebhookDesk } from './webhook-desk.ts';

let api: TestApi;
let stage: WebhookStage;
let desk: WebhookDesk;
let installed: InstallResult;
beforeAll(async () => {
  api = await startTestApi();
  stage = await openWebhookStage({ orm: api.orm });
  desk = createWebhookDesk({ orm: api.orm, registrar: createWebhookRegistrar(stage.deps) });
});
afterAll(async () => {
  await stage.close();
  await api.stop();
});
beforeEach(() => api.reset());

const install = async (settings: StageSettings = {}) => void (installed = await stage.install(settings));
const give = (verb: WebhookVerb, reason?: string) => {
  const { workspaceId, addonId } = installed;
  return desk.give({ workspaceId, addonId, requestId: randomUUID() }, verb, { by: 'ada', reason });
};
const made = () => stage.simulator.hooks(installed.workspaceId).filter(({ isDeclared }) => !isDeclared);
const lines = () => loadOperatorActions(api.orm, installed, 10);

describe('registering webhooks', () => {
  it('is previewed, done, and then has nothing left to do', async () => {
    await install({ cap: 4 });
    const before = await desk.preview(installed);
    expect([before.add.length, before.keep.length, before.remove.length]).toEqual([31, 20, 0]);
    expect(made()).toEqual([]);
    expect(await give('registerWebhooks')).toBe(
      '4 webhooks added, 20 kept, 0 removed. Clockify allows no more webhooks.',
    );
    stage.simulator.setWebhooks(installed.workspaceId, { cap: null });
    expect(await give('registerWebhooks')).toBe('27 webhooks added, 24 kept, 0 removed.');
    expect(await give('registerWebhooks')).toBe('0 webhooks added, 51 kept, 0 removed.');
    await expect(desk.preview(installed)).resolves.toMatchObject({ add: [], renew: [], remove: [] });
  });

  it('says when a token was replaced on the way', async () => {
    await install({ cap: 2 });
    await give('registerWebhooks');
    await api.rows(`delete from webhook_registrations where webhook_id = '${made()[0]?.hook.id}'`);
    expect(await give('registerWebhooks')).toMatch(/^0 webhooks added, 21 kept, 0 removed, 1 given a new token\./);
  });

  it('is written to the log with its reason and effect', async () => {
    await install({ open: false });
    const effect = await give('registerWebhooks', 'After the outage');
    expect(effect).toBe('0 webhooks added, 20 kept, 0 removed. Clockify does not open its webhooks to the add-on.');
    expect(await lines()).toEqual([
      {
        seq: 1,
        at: expect.any(String),
        verb: 'registerWebhooks',
        entity: null,
        actor: 'ada',
        reason: 'After the outage',
        effect,
      },
    ]);
  });

  it('that is refused is not in the log', async () => {
    await install();
    await api.rows(`update installations set status = 'inactive'`);
    await expect(give('registerWebhooks')).rejects.toMatchObject({ code: 'installation_inactive' });
    expect(await lines()).toEqual([]);
  });
});

describe('replacing tokens', () => {
  const deliver = async (token = '') => {
    const { url = '', webhookEvent = '' } = made()[0]?.hook ?? {};
    const { pathname, search } = new URL(url);
    const headers = { 'clockify-signature': token, 'clockify-webhook-event-type': webhookEvent };
    const body = { id: 'a'.repeat(24), workspaceId: installed.workspaceId };
    return (await api.send(pathname + search, { method: 'POST', headers, body })).status;
  };
  const token = () => made()[0]?.hook.authToken;

  it('has deliveries refused that carry the old one, and takes those with the new one', async () => {
    await install({ cap: 1 });
    await give('registerWebhooks');
    const old = token();
    expect(await deliver(old)).toBe(200);
    expect(await give('rotateWebhookTokens', 'It leaked')).toBe('1 of 1 tokens replaced.');
    expect(token()).not.toBe(old);
    await waitUntil(async () => (await deliver(old)) === 401);
    expect(await deliver(token())).toBe(200);
    expect(await deliver(old)).toBe(401);
    expect((await lines())[0]).toMatchObject({ verb: 'rotateWebhookTokens', reason: 'It leaked' });
  });

  it('says what was left, and why', async () => {
    await install({ cap: 2 });
    await give('registerWebhooks');
    stage.simulator.setWebhooks(installed.workspaceId, { open: false });
    expect(await give('rotateWebhookTokens')).toBe(
      '0 of 2 tokens replaced. Clockify does not open its webhooks to the add-on.',
    );
  });

  it('needs webhooks that we made', async () => {
    await install();
    expect(await give('rotateWebhookTokens')).toMatch(/^There is no webhook/);
  });
});
