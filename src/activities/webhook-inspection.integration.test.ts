import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { InstallResult } from '../../simulator/platform/requests.ts';
import { declaredCount, openWebhookStage } from '../../test/support/webhook-stage.ts';
import type { StageSettings, WebhookStage } from '../../test/support/webhook-stage.ts';
import { loadCoverage } from '../db/coverage.ts';
import { withWorkspace } from '../db/orm.ts';
import { WebhookEvent } from '../db/webhook-event.entity.ts';
import { parseCatalogue } from '../domain/catalogue.ts';
import { buildManifest, parseManifest } from '../domain/manifest.ts';
import { createSelfTest } from './diagnosis.ts';
import { createWebhookRegistrar } from './webhook-registrar.ts';

const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));

let stage: WebhookStage;
let installed: InstallResult;
beforeAll(async () => void (stage = await openWebhookStage()));
afterAll(() => stage.close());
beforeEach(() => stage.mirror.reset());
afterEach(() => void stage.simulator.clearFaults(installed.workspaceId));

async function install(settings: StageSettings = {}): Promise<void> {
  installed = await stage.install(settings);
  await createWebhookRegistrar(stage.deps).register(installed);
  stage.simulator.resetLedger();
}

/** The check of the webhooks in a self-test by hand. */
async function look() {
  const options = { baseUrl: stage.deps.baseUrl, key: 'receiving-addon', webhookLimit: declaredCount, readOnly: false };
  const manifest = buildManifest(parseManifest(readJson('manifest.json')), options);
  const selfTest = createSelfTest({ ...stage.deps, catalogue: parseCatalogue(readJson('openapi.json')), manifest });
  const { checks } = await selfTest(installed, { sparesQuota: false });
  return checks.find(({ check }) => check === 'webhooks');
}

const finding = (pattern: RegExp) => expect.stringMatching(pattern) as unknown as string;
const operations = () =>
  Object.keys(stage.simulator.ledger(installed.workspaceId).operations).filter((name) => /webhook/i.test(name));
const firstHook = () =>
  stage.simulator.hooks(installed.workspaceId).find(({ hook }) => hook.webhookEvent === 'NEW_TIME_ENTRY')?.hook;

async function store(at: Date): Promise<void> {
  const { workspaceId, addonId } = installed;
  await withWorkspace(stage.mirror.orm, workspaceId, (em) =>
    em.insert(WebhookEvent, {
      workspaceId,
      addonId,
      event: 'NEW_TIME_ENTRY',
      bodyHash: Buffer.alloc(32, 1),
      windowStart: at,
      raw: Buffer.from('{}'),
      body: {},
      headers: {},
      receivedAt: at,
      lastReceivedAt: at,
      state: 'processed',
      dueAt: at,
    }),
  );
}

/** Clockify delivers to the add-on of the stage, which answers 204 and stores nothing. */
async function deliver(): Promise<void> {
  stage.simulator.fireWebhook(installed.workspaceId, { event: 'NEW_TIME_ENTRY' });
  await stage.simulator.settleDeliveries(installed.workspaceId);
}

describe('where the family is open', () => {
  it('webhooks that are all there are fine, and nothing is changed', async () => {
    await install();
    const before = stage.simulator.hooks(installed.workspaceId);
    expect(await look()).toMatchObject({ state: 'ok', finding: finding(/^51 of 51 .*None has come yet\.$/) });
    expect(operations().toSorted()).toEqual(['getAddonWebhooks', 'getLogsForWebhook', 'getWebhooks']);
    expect(stage.simulator.hooks(installed.workspaceId)).toEqual(before);
  });

  it('one that Clockify has switched off has failed, and is recorded', async () => {
    await install();
    stage.simulator.setHook(installed.workspaceId, firstHook()?.id ?? '', { deliveryEnabled: false });
    expect(await look()).toMatchObject({ state: 'failed', finding: finding(/switched off.*NEW_TIME_ENTRY\.$/) });
    const { events } = await loadCoverage(stage.mirror.orm, installed);
    expect(events.find(({ event }) => event === 'NEW_TIME_ENTRY')?.state).toBe('disabled');
  });

  it('one that somebody took away is a warning', async () => {
    await install({ cap: 2 });
    const made = stage.simulator.hooks(installed.workspaceId).find(({ isDeclared }) => !isDeclared);
    const url = `${stage.simulator.url}/api/v1/workspaces/${installed.workspaceId}/webhooks/${made?.hook.id}`;
    await fetch(url, { method: 'DELETE', headers: { 'x-addon-token': installed.installationToken } });
    expect(await look()).toMatchObject({ state: 'warning', finding: finding(/no longer has the webhook/) });
  });

  it('a delivery that Clockify logged and nobody stored has failed', async () => {
    await install({ cap: 2 });
    await deliver();
    expect(await look()).toMatchObject({ state: 'failed', finding: finding(/delivered NEW_TIME_ENTRY more recently/) });
  });

  it('a delivery that Clockify logged and we stored is fine', async () => {
    await install({ cap: 2 });
    await deliver();
    await store(new Date());
    expect(await look()).toMatchObject({ state: 'ok', finding: finding(/The last was NEW_TIME_ENTRY, at \d{4}-/) });
  });

  it('a cap is told', async () => {
    await install({ cap: 2 });
    expect(await look()).toMatchObject({ state: 'ok', finding: finding(/^22 of 51 .*allows no more/) });
  });

  it('a log that is refused says nothing', async () => {
    await install({ cap: 2 });
    await deliver();
    stage.simulator.addFault(installed.workspaceId, {
      kind: 'feature-gated',
      status: 403,
      operationId: 'getLogsForWebhook',
    });
    expect(await look()).toMatchObject({ state: 'ok' });
  });
});

describe('where the family is closed', () => {
  it('is not asked again, and what the manifest declares is counted', async () => {
    await install({ open: false });
    expect(await look()).toMatchObject({
      state: 'ok',
      finding: finding(/^20 of 51 .*may register no others/),
    });
    expect(operations()).toEqual([]);
  });

  it('and nothing is declared no event arrives', async () => {
    await install({ open: false });
    await stage.mirror.rows('delete from webhook_registrations');
    await stage.mirror.rows('delete from webhook_event_states');
    expect(await look()).toMatchObject({ state: 'warning', finding: finding(/No event of Clockify arrives/) });
  });
});
