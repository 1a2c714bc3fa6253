import { afterEach, expect, it } from '@jest/globals';
import { startInstalled, type Installed } from './test-support/installed.ts';

let installed: Installed;

afterEach(() => installed.close());

async function burst(count: number, path = '/tags?page-size=1'): Promise<Record<string, number>> {
  const responses = await Promise.all(Array.from({ length: count }, () => installed.get(path)));
  await Promise.all(responses.map((response) => response.arrayBuffer()));
  return Object.fromEntries(
    [200, 429].map((status) => [status, responses.filter((response) => response.status === status).length]),
  );
}

it('refuses the 51st request in a second, without saying when to come back', async () => {
  let nowMs = Date.parse('2026-11-21T10:00:00Z');
  installed = await startInstalled({ profile: 'XS', plan: 'PRO' }, { now: () => nowMs });
  const { simulator, install } = installed;
  simulator.setLimits(install.workspaceId, { perSecond: 50 });

  expect(await burst(60)).toEqual({ 200: 50, 429: 10 });
  const refused = await installed.get('/tags');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
  expect(simulator.ledger(install.workspaceId).statuses).toEqual({ 200: 50, 429: 11 });

  nowMs += 1_000;
  expect(await burst(1)).toEqual({ 200: 1, 429: 0 });
});

it('shares the second between the add-on and its viewers', async () => {
  installed = await startInstalled({ profile: 'XS', plan: 'PRO' }, { now: () => 1_800_000_000_000 });
  const { simulator, install } = installed;
  simulator.setLimits(install.workspaceId, { perSecond: 50 });
  const viewer = { 'x-addon-token': simulator.userToken(install.workspaceId).token };
  await burst(50);

  expect((await installed.get('/tags', viewer)).status).toBe(429);
});

it('gives a FREE workspace 30 requests an hour, until told otherwise', async () => {
  installed = await startInstalled({ profile: 'XS', plan: 'FREE' });
  const { simulator, install } = installed;
  simulator.setLimits(install.workspaceId, { perHour: 30, retryAfter: true });

  expect(await burst(35)).toEqual({ 200: 30, 429: 5 });
  const refused = await installed.get('/tags');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);

  simulator.setLimits(install.workspaceId, { perHour: null });
  expect(await burst(5)).toEqual({ 200: 5, 429: 0 });
});
