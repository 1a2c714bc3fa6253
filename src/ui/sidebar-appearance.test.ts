import { describe, expect, it, test } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { buildBudget, buildEntityStatus, buildEstimate, buildStatus } from '../../test/support/bootstrap-status.ts';
import { buildUserToken, ok, refused, userToken, useSidebar } from '../../test/support/sidebar-page.ts';
import { answerEntity, buildHistory, buildVersion } from '../../test/support/sidebar-entities.ts';
import { buildDetail, buildLine, inboxPage } from '../../test/support/sidebar-inbox.ts';
import type { Answer } from '../../test/support/sidebar-server.ts';
import { deliveryStates } from '../domain/inbox.ts';
import { checkNames } from '../domain/diagnosis.ts';
import { entityTypes } from '../domain/entities.ts';
import { webhookEvents } from '../domain/webhook-events.ts';

const sidebar = useSidebar();

const readings = [
  { state: 'read', rows: 1800, expected: 1800, pages: 9, complete: true, evidence: 'count' },
  { state: 'read', rows: 4, expected: 5, pages: 1, complete: false, reason: `Clockify_counts_${'5'.repeat(60)}` },
  { state: 'reading', rows: 1_128_400, expected: 12_500_000, ratePerSecond: 2480.4, etaSeconds: 4521 },
  { state: 'reading', rows: 40, lastError: 'Clockify asked for a slower pace.' },
  { state: 'waiting' },
  { state: 'skipped', reason: 'The plan does not include this.' },
  { state: 'failed', rows: 4, expected: 5, lastError: 'Clockify is not available.' },
] as const;

const entities = entityTypes.map((entity, index) =>
  buildEntityStatus({ entity, ...readings[index % readings.length] }),
);

const running = buildStatus(entities, {
  budget: buildBudget({
    usedLastSecond: 48,
    hourlyLimit: 20_000,
    hourlyUsed: 4210,
    pausedUntil: '2026-11-21T10:00:00Z',
  }),
});
const word = 'Long_'.repeat(40);
const actions = {
  status: 200,
  body: {
    actions: [
      { seq: 2, at: '2026-11-21T10:00:00Z', verb: 'pause', entity: null, actor: word, reason: word, effect: word },
      {
        seq: 1,
        at: '2026-11-21T10:00:00Z',
        verb: 'start',
        entity: null,
        actor: 'u1',
        reason: null,
        effect: 'Started.',
      },
    ],
  },
};
const states = ['ok', 'warning', 'failed', 'unknown'] as const;
const checks = checkNames.map((check, index) => ({ check, state: states[index % 4], finding: word, remedy: word }));
const diagnosis = { status: 200, body: { diagnosis: { checkedAt: '2026-11-21T10:00:00Z', checks } } };
const ways = ['push', 'delta', 'poll'] as const;
const covered = entityTypes.map((entity, index) => ({ entity, way: ways[index % 3], reason: word }));
const coverage = { status: 200, body: { entities: covered, events: [], feeds: [] } };
const planned = {
  status: 200,
  body: { add: webhookEvents, keep: [], renew: [], remove: [], closedBecause: word },
};
const estimate = {
  status: 200,
  body: buildEstimate({
    notes: [word],
    entities: entityTypes.map((entity) => ({ entity, calls: 1_000_000, margin: 0, rows: 1_000_000, basis: 'mirror' })),
  }),
};

const deliveries = [...deliveryStates, ...deliveryStates].map((state, index) =>
  buildLine({
    id: String(20 - index),
    event: webhookEvents[index] ?? '',
    state,
    reason: state === 'parked' ? word : null,
    deliveries: index + 1,
    entityId: index % 2 === 0 ? word : 'tag-1',
  }),
);
const delivery = buildDetail({
  text: word,
  formatted: `{\n  "id": "${word}"\n}`,
  requestId: word,
  headers: { host: word, 'clockify-signature': '[redacted]' },
  entity: { type: 'tags', id: word, version: 12, isDeleted: true },
});
const history = buildHistory({
  id: word,
  parentId: word,
  isDeleted: true,
  versions: [
    buildVersion({ version: 3, isDeleted: true, changed: [] }),
    buildVersion({ version: 2, changed: [word, 'name'] }),
    buildVersion({ version: 1, changed: null }),
  ],
  next: '1',
});
const payloads = { 1: { name: word }, 2: { [word]: word, name: 'Travel' }, 3: { [word]: word, name: 'Travel' } };

interface Screen {
  readonly status: Answer;
  /** What the viewer does to get there. */
  readonly reach?: (page: Page) => Promise<void>;
}

const toSection = (name: string) => async (page: Page) => {
  await page.getByRole('navigation').getByRole('button', { name }).click();
};

const screens: Readonly<Record<string, Screen>> = {
  running: { status: ok(running) },
  completed: { status: ok({ ...running, status: 'COMPLETED', lastBootstrapAt: '2026-11-21T10:00:00Z' }) },
  empty: { status: ok(buildStatus([], { status: 'NOT_STARTED' })) },
  refused: { status: refused(403, 'forbidden') },
  expired: { status: refused(401, 'invalid_token') },
  lost: {
    status: ok(running),
    async reach(page) {
      await page.clock.install();
      sidebar.server().cutStreams();
      await page.getByText('Connection lost').waitFor();
    },
  },
  dialog: {
    status: ok(running),
    reach: (page) => page.getByRole('button', { name: 'Cancel run' }).click(),
  },
  'refused order': {
    status: ok(running),
    async reach(page) {
      await page.getByRole('button', { name: 'Change rate' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Change rate' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  'new copy': {
    status: ok(running),
    async reach(page) {
      await toSection('New copy')(page);
      await page.getByRole('radio', { name: 'Only some data' }).check();
      await page.getByLabel('Tags', { exact: true }).check();
      await page.getByRole('button', { name: 'Estimate' }).click();
      await page.getByText('By kind of data').click();
    },
  },
  'self-test': { status: ok(running), reach: toSection('Self-test') },
  webhooks: {
    status: ok(running),
    async reach(page) {
      await toSection('Self-test')(page);
      await page.getByRole('button', { name: 'Register webhooks' }).click();
      await page.getByText('Add: 51').click();
    },
  },
  log: { status: ok(running), reach: toSection('Log') },
  inbox: {
    status: ok(running),
    async reach(page) {
      await toSection('Webhooks')(page);
      await page.getByRole('list', { name: 'Deliveries' }).waitFor();
    },
  },
  'empty inbox': {
    status: ok(running),
    async reach(page) {
      sidebar.server().inbox.answerWith(() => inboxPage([]));
      await toSection('Webhooks')(page);
      await page.getByText('No delivery has come so far.').waitFor();
    },
  },
  delivery: {
    status: ok(running),
    async reach(page) {
      await toSection('Webhooks')(page);
      await page.getByRole('button', { name: 'TIME_ENTRY_DELETED' }).click();
      await page.locator('pre').waitFor();
      await page.getByText('Headers').click();
    },
  },
  entity: {
    status: ok(running),
    async reach(page) {
      await toSection('Webhooks')(page);
      await page.getByRole('button', { name: 'TIME_ENTRY_DELETED' }).click();
      await page.getByRole('button', { name: 'Open the entity' }).click();
      await page.getByRole('button', { name: 'Version 2' }).click();
      await page.locator('.changes').waitFor();
    },
  },
  'replayed delivery': {
    status: ok(running),
    async reach(page) {
      await toSection('Webhooks')(page);
      await page.getByRole('button', { name: 'Replay all failed' }).click();
    },
  },
};
const names = Object.keys(screens);

async function openScreen(name: string, token: string, options: BrowserContextOptions): Promise<Page> {
  const { status, reach } = screens[name] ?? { status: refused(404, 'not_found') };
  sidebar.server().answerWith(
    ({ method, path }) => {
      if (path.endsWith('/webhooks/preview')) return planned;
      if (method === 'GET') return status;
      return path.endsWith('/estimate') ? estimate : refused(409, 'conflict');
    },
    { actions, diagnosis, coverage },
  );
  sidebar.server().inbox.answerWith((call) => {
    if (/^\/ui\/webhooks\/\d+$/.test(call.path)) return { status: 200, body: delivery };
    return answerEntity(call, () => ({ status: 200, body: history }), payloads) ?? inboxPage(deliveries, 'more');
  });
  const page = await sidebar.open(token, options);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('button').first().waitFor();
  await reach?.(page);
  return page;
}

async function findSeriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

describe.each(names)('the screen "%s"', (name) => {
  const widths = [360, 480, 768, 1239, 1240, 1600];

  it('has no serious fault of accessibility, light or dark, and does not scroll sideways, however wide it is', async () => {
    const page = await openScreen(name, buildUserToken({ theme: null }), { colorScheme: 'light' });
    expect(await findSeriousFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await findSeriousFaults(page)).toEqual([]);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, Math.max(...(await measureWidths(page))) <= width]).toEqual([width, true]);
    }
  });
});

const measureWidths = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const dialog = document.querySelector('dialog');
    return [document.documentElement.scrollWidth, Math.ceil(dialog?.getBoundingClientRect().right ?? 0)];
  });

test.each([
  ['DEFAULT', 'dark', 'light'],
  ['DARK', 'light', 'dark'],
  [null, 'light', 'light'],
  [null, 'dark', 'dark'],
] as const)('the theme %p with a browser that prefers %s is shown %s', async (theme, colorScheme, shown) => {
  const page = await openScreen('running', buildUserToken({ theme }), { colorScheme });
  const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(background).toBe({ light: 'rgb(243, 245, 247)', dark: 'rgb(17, 23, 28)' }[shown]);
});

test('every control can be reached and used by keyboard', async () => {
  const page = await openScreen('completed', userToken, {});
  const reached: (string | null)[] = [];
  const next = async () => {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement?.textContent ?? null));
  };
  for (let step = 0; step < 8; step += 1) await next();
  expect(reached).toEqual([
    'Status',
    'New copy',
    'Webhooks',
    'Self-test',
    'Log',
    'Retry failed',
    'Restart all',
    'Read again',
  ]);

  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Read again: Workspace' }).waitFor();
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent);
  expect(await focused()).toBe('reason');
  await page.keyboard.type('Month end');
  for (const name of ['Back', 'Read again']) {
    await page.keyboard.press('Tab');
    expect(await focused()).toBe(name);
  }
  const order = page.waitForRequest((request) => request.method() === 'POST');
  await page.keyboard.press('Enter');
  expect((await order).postDataJSON()).toEqual({ entity: 'workspace', reason: 'Month end' });
});

test('a change of the run is announced', async () => {
  sidebar.server().answerWith(() => ok(running));
  const page = await sidebar.open();
  await page.getByRole('status').filter({ hasText: 'Copying' }).waitFor();
  sidebar.server().answerWith(() => ok({ ...running, status: 'COMPLETED' }));
  await page.getByRole('status').filter({ hasText: 'Copy complete' }).waitFor();
});
