import { describe, expect, it, test } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { buildBudget, buildEntityStatus, buildStatus } from '../../test/support/bootstrap-status.ts';
import { buildUserToken, ok, refused, userToken, useSidebar } from '../../test/support/sidebar-page.ts';
import { entityTypes } from '../domain/entities.ts';

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

const screens = {
  running: ok(buildStatus(entities, { budget: buildBudget({ limitPerSecond: 50, hourlyLimit: 20_000 }) })),
  completed: ok(buildStatus(entities, { status: 'COMPLETED', lastBootstrapAt: '2026-11-21T10:00:00Z' })),
  empty: ok(buildStatus([], { status: 'NOT_STARTED' })),
  refused: refused(403, 'forbidden'),
  expired: refused(401, 'invalid_token'),
};

async function openScreen(screen: keyof typeof screens, token: string, options: BrowserContextOptions): Promise<Page> {
  sidebar.server().answerWith(() => screens[screen]);
  const page = await sidebar.open(token, options);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('button').first().waitFor();
  return page;
}

async function findSeriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

describe.each(['DEFAULT', 'DARK'])('in the theme %s', (theme) => {
  it.each(['running', 'completed', 'empty', 'refused', 'expired'] as const)(
    'the %s screen has no serious fault of accessibility',
    async (screen) => {
      const page = await openScreen(screen, buildUserToken({ theme }), {});
      expect(await findSeriousFaults(page)).toEqual([]);
    },
  );
});

describe.each([360, 720, 1080, 1600])('at a width of %d pixels', (width) => {
  it.each(['running', 'completed', 'refused'] as const)('the %s screen does not scroll sideways', async (screen) => {
    const page = await openScreen(screen, userToken, { viewport: { width, height: 800 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
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
  const reached = [];
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab');
    reached.push(
      await page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent),
    );
  }
  expect(reached).toEqual([
    'scope',
    'timeEntries',
    'timeEntryDays',
    'requestsPerSecond',
    'Rebuild workspace snapshot',
    'Read again',
  ]);

  const command = page.waitForRequest((request) => request.method() === 'POST');
  await page.keyboard.press('Enter');
  expect((await command).postDataJSON()).toEqual({ only: ['workspace'] });
});

test('Enter in the reason pauses a run, or resumes it', async () => {
  for (const [status, action] of [
    ['RUNNING', 'pause'],
    ['PAUSED', 'resume'],
  ] as const) {
    sidebar.server().answerWith(() => ok(buildStatus([], { status })));
    const page = await sidebar.open();
    const command = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByLabel('Reason (optional)').press('Enter');
    expect((await command).url()).toMatch(new RegExp(`/${action}$`));
  }
});

test('a change of the run is announced', async () => {
  sidebar.server().answerWith(() => screens.running);
  const page = await sidebar.open();
  const announcement = page.getByRole('status').filter({ hasText: 'Copying' });
  await announcement.waitFor();
  sidebar.server().answerWith(() => screens.completed);
  await page.getByRole('status').filter({ hasText: 'Copy complete' }).waitFor();
});
