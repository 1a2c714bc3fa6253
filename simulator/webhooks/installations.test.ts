import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createSimulator, type Simulator } from '../simulator.ts';
import { startReceivingAddon, type ReceivingAddon } from '../test-support/receiving-addon.ts';

let simulator: Simulator;
let addon: ReceivingAddon;
let root: string;
let isKnown = true;

const webhooks = [{ event: 'NEW_TAG', path: '/webhooks/NEW_TAG' }];
const oneTag = { entity: 'tags', insert: 1 } as const;

beforeEach(async () => {
  isKnown = true;
  root = await mkdtemp(join(tmpdir(), 'simulator-'));
  simulator = await createSimulator({ profile: 'XS', speed: 1_000, stateFile: join(root, 'state.json') });
  addon = await startReceivingAddon({ webhooks }, (call) => {
    if (call.path === '/lifecycle/installed') isKnown = true;
    return isKnown ? 204 : 503;
  });
});
afterEach(async () => {
  await Promise.all([simulator.close(), addon.close()]);
  await rm(root, { recursive: true, force: true });
});

const paths = () => addon.received.map(({ path }) => path);

async function addTag(workspaceId: string): Promise<number> {
  addon.received.length = 0;
  simulator.mutate(workspaceId, oneTag);
  await simulator.settleDeliveries(workspaceId);
  return addon.webhooks().length;
}

it('an add-on that is switched off hears of nothing, and of nothing afterwards either', async () => {
  const { workspaceId } = await simulator.install(addon.manifestUrl);
  await simulator.setStatus(workspaceId, 'INACTIVE');
  expect(await addTag(workspaceId)).toBe(0);

  await simulator.setStatus(workspaceId, 'ACTIVE');
  await simulator.settleDeliveries(workspaceId);
  expect(addon.webhooks()).toEqual([]);
  expect(await addTag(workspaceId)).toBe(1);
});

it('what waits for another attempt is cancelled by switching off', async () => {
  const { workspaceId } = await simulator.install(addon.manifestUrl);
  isKnown = false;
  simulator.setWebhooks(workspaceId, { speed: 0.001 });
  const [id] = (simulator.mutate(workspaceId, oneTag), simulator.deliveries(workspaceId)).map((one) => one.id);
  while (simulator.delivery(workspaceId, id ?? '').state !== 'waiting') await new Promise(setImmediate);
  await simulator.setStatus(workspaceId, 'INACTIVE');
  simulator.setWebhooks(workspaceId, { speed: 1_000 });

  expect(await simulator.settleDeliveries(workspaceId)).toMatchObject({ attempts: 1, cancelled: 1, givenUp: 0 });
});

it('an add-on that is gone hears of nothing, and its successor has other tokens', async () => {
  const first = await simulator.install(addon.manifestUrl);
  await simulator.uninstall(first.workspaceId);
  expect(await addTag(first.workspaceId)).toBe(0);

  const second = await simulator.install(addon.manifestUrl, { workspaceId: first.workspaceId });
  expect(await addTag(first.workspaceId)).toBe(1);
  const token = addon.webhooks()[0]?.headers['clockify-signature'];
  expect([token, token === first.webhooks[0]?.authToken]).toEqual([second.webhooks[0]?.authToken, false]);
});

it('churn fires as well', async () => {
  const { workspaceId } = await simulator.install(addon.manifestUrl);
  simulator.addFault(workspaceId, { kind: 'churn', entity: 'tags', perSecond: 1_000, times: 4 });
  while (simulator.listFaults(workspaceId).length > 0) await new Promise(setImmediate);

  expect(await simulator.settleDeliveries(workspaceId)).toMatchObject({ events: { NEW_TAG: 2 }, acknowledged: 2 });
});

it('every add-on on the workspace hears of a change', async () => {
  const other = await startReceivingAddon({ key: 'other-addon', webhooks });
  const { workspaceId } = await simulator.install(addon.manifestUrl);
  await simulator.install(other.manifestUrl, { workspaceId });

  expect(await addTag(workspaceId)).toBe(1);
  expect(other.webhooks()).toHaveLength(1);
  await other.close();
});

it('changes before, during and after INSTALLED are all sent, the early ones again', async () => {
  isKnown = false;
  const changes = { before: [oneTag, oneTag], during: [oneTag], after: [oneTag] };
  const { workspaceId, status } = await simulator.install(addon.manifestUrl, { changes });
  const summary = await simulator.settleDeliveries(workspaceId);

  expect(status).toBe(204);
  expect(paths().slice(0, 2)).toEqual(['/webhooks/NEW_TAG', '/webhooks/NEW_TAG']);
  expect(summary).toMatchObject({ deliveries: 4, acknowledged: 4 });
  expect(summary.statuses['503']).toBeGreaterThanOrEqual(2);
});

it('INSTALLED waits for the answers to the changes before it', async () => {
  let answered = 0;
  let answeredBefore = -1;
  const slow = await startReceivingAddon({ key: 'slow-addon', webhooks }, async ({ path }) => {
    if (path === '/lifecycle/installed') answeredBefore = answered;
    await new Promise((resolve) => setTimeout(resolve, 20));
    answered += 1;
    return 204;
  });
  await simulator.install(slow.manifestUrl, { changes: { before: [oneTag, oneTag] } });

  expect(answeredBefore).toBe(2);
  await slow.close();
});

it('INSTALLED can be lost: webhooks come all the same', async () => {
  const { workspaceId, status } = await simulator.install(addon.manifestUrl, { deliver: false });

  expect([status, paths()]).toEqual([null, []]);
  expect(await addTag(workspaceId)).toBe(1);
});

it('a manifest with more webhooks than allowed is refused', async () => {
  await expect(simulator.install(addon.manifestUrl, { maxWebhooks: 0 })).rejects.toThrow('0 webhooks at most');
});

it('webhooks and their switches outlive a restart', async () => {
  const { workspaceId } = await simulator.install(addon.manifestUrl);
  const headers = { 'x-api-key': simulator.issueApiKey(workspaceId).apiKey };
  await fetch(`${simulator.url}/api/v1/workspaces/${workspaceId}/webhooks`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      name: 'Tags',
      url: `${addon.manifest.baseUrl}/webhooks/mine`,
      webhookEvent: 'NEW_TAG',
      triggerSource: [],
      triggerSourceType: 'WORKSPACE_ID',
    }),
  });
  const declared = simulator.hooks(workspaceId).find((one) => one.isDeclared)?.hook.id ?? '';
  simulator.setHook(workspaceId, declared, { deliveryEnabled: false });
  const before = simulator.hooks(workspaceId);
  await simulator.close();

  simulator = await createSimulator({ speed: 1_000, stateFile: join(root, 'state.json') });
  expect(simulator.hooks(workspaceId)).toEqual(before);
  await addTag(workspaceId);
  expect(paths()).toEqual(['/webhooks/mine']);
});
