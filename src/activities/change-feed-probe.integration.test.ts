import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../simulator/faults/types.ts';
import type { InstallResult } from '../../simulator/platform/requests.ts';
import { openWebhookStage } from '../../test/support/webhook-stage.ts';
import type { WebhookStage } from '../../test/support/webhook-stage.ts';
import { loadCoverage } from '../db/coverage.ts';
import { probeChangeFeeds } from './change-feed-probe.ts';
import { createWebhookActivities } from './webhooks.ts';

let stage: WebhookStage;
let installed: InstallResult;
beforeAll(async () => void (stage = await openWebhookStage()));
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.mirror.reset();
  installed = await stage.install({ open: false });
});
afterEach(() => void stage.simulator.clearFaults(installed.workspaceId));

const probe = () => probeChangeFeeds(stage.deps, installed);
const states = async () => (await loadCoverage(stage.deps.orm, installed)).feeds.map(({ state }) => state);
const requests = () => stage.simulator.ledger(installed.workspaceId).requests;
const disturb = (fault: Fault) => stage.simulator.addFault(installed.workspaceId, fault);

describe('the feeds of changes', () => {
  it('that answer work, and are asked once', async () => {
    await probe();
    await probe();
    expect(await states()).toEqual(['works', 'works', 'works']);
    expect(requests()).toBe(3);
  });

  it('that are closed to the add-on are refused, and not asked again for a day', async () => {
    stage.simulator.setFeeds(installed.workspaceId, { answer: 'refused' });
    await probe();
    await probe();
    expect(await states()).toEqual(['refused', 'refused', 'refused']);
    expect(requests()).toBe(3);
    stage.simulator.setFeeds(installed.workspaceId, { answer: 'faithful' });
    await stage.mirror.rows(`update change_feed_states set checked_at = checked_at - interval '25 hours'`);
    await probe();
    expect(await states()).toEqual(['works', 'works', 'works']);
  });

  it.each<[string, Fault]>([
    ['402', { kind: 'feature-gated', status: 402, operationId: 'getUpdatedEntityInfo' }],
    ['404', { kind: 'status', status: 404, body: '{"code":3000}', operationId: 'getUpdatedEntityInfo' }],
  ])('of which one answers %s: that one is refused', async (_, fault) => {
    disturb(fault);
    await probe();
    expect(await states()).toEqual(['works', 'refused', 'works']);
  });

  it('that give no usable answer are asked again another time', async () => {
    disturb({ kind: 'status', status: 503, operationId: 'getDeletedEntityInfo', times: 1 });
    await probe();
    expect(await states()).toEqual(['works', 'works', 'failed']);
    await probe();
    expect(await states()).toEqual(['works', 'works', 'works']);
    expect(requests()).toBe(4);
  });
});

describe('the check of an installation', () => {
  const check = () => createWebhookActivities(stage.deps).checkWebhooks(installed);

  it('tells for each kind of rows how its changes arrive', async () => {
    const text = await check();
    expect(text).toContain('- **invoices**: push. All 2 events that concern it arrive.');
    expect(text).toContain('- **tags**: delta. 3 of 3 events do not arrive: the add-on may register none itself.');
    expect(text).toContain('- **holidays**: poll. Clockify has no event for it.');
  });

  it('costs four requests where the family is closed, and one when it is repeated', async () => {
    await check();
    expect(requests()).toBe(4);
    await check();
    expect(requests()).toBe(5);
  });

  it('of one that is switched off is no failure, and asks nothing', async () => {
    await stage.mirror.rows(`update installations set status = 'inactive'`);
    expect(await check()).toContain('- **tags**: poll.');
    expect(requests()).toBe(0);
  });

  it('fails while the database is away, so that it is repeated', async () => {
    await stage.mirror.rows('drop table change_feed_states cascade');
    await expect(check()).rejects.toThrow(/change_feed_states/);
  });
});
