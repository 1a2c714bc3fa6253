import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { launchBrowser } from '../support/browser.ts';
import { waitForStatus } from '../support/run.ts';
import { sharedPart } from '../support/shared-part.ts';

let addon: Addon;
let browser: Browser;
let page: Page;
let workspaceId: string;

beforeAll(async () => {
  await sharedPart('sidebar');
  [addon, browser] = await Promise.all([startAddon({ workers: 1 }), launchBrowser()]);
  ({ workspaceId } = await addon.simulator.install(`${addon.baseUrl}/manifest`, { profile: 'S', seed: 5 }));
  await waitForStatus(addon, workspaceId, ({ requests }) => requests > 20);
  page = await browser.newPage();
}, 180_000);

afterAll(async () => {
  await browser.close();
  await addon.stop();
}, 60_000);

const statusOf = async (word: string): Promise<void> => {
  await page.waitForSelector(`.run-status[data-status="${word}"]`);
};

it('shows an admin the running copy, pauses it and lets it go on', async () => {
  const { sidebarUrl, token } = addon.simulator.userToken(workspaceId);
  await page.goto(String(sidebarUrl));
  await statusOf('RUNNING');
  expect(page.url()).not.toContain(token);
  await page.waitForSelector('tr[data-entity="workspace"][data-state="read"] .tick');
  await page.getByRole('button', { name: 'Pause' }).click();
  await statusOf('PAUSED');
  const waiting = await page.locator('tr[data-entity="invoice_payments"]').getAttribute('data-state');
  expect(waiting).not.toBe('read');
  await page.getByRole('button', { name: 'Resume' }).click();
  await statusOf('RUNNING');
}, 60_000);

it('shows a member that it is not for him', async () => {
  const { sidebarUrl } = addon.simulator.userToken(workspaceId, { role: 'MEMBER' });
  const asked = page.waitForResponse((response) => response.url().endsWith('/status'));
  await page.goto(String(sidebarUrl));
  expect((await asked).status()).toBe(403);
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.locator('tr[data-entity]').count()).toBe(0);
}, 60_000);
