import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { launchBrowser } from '../support/browser.ts';
import { callAsOwner, readStatus, waitForStatus } from '../support/run.ts';
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
  page.setDefaultTimeout(30_000);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await addon.stop();
}, 60_000);

const statusOf = async (word: string): Promise<void> => {
  await page.waitForSelector(`.run-status[data-status="${word}"]`);
};
const show = (section: string): Promise<void> =>
  page.getByRole('navigation').getByRole('button', { name: section }).click();

/** Gives an order as a person does, and resolves with the effect that the page shows. */
async function order(button: string, { reason = '', word = '', rate = '' } = {}): Promise<string> {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason (optional)').fill(reason);
  if (word !== '') await dialog.getByLabel(`Type ${word} to confirm`).fill(word);
  if (rate !== '') await dialog.getByLabel('Requests per second').fill(rate);
  await dialog.locator('button[type="submit"]').click();
  await dialog.waitFor({ state: 'detached' });
  const note = page.locator('.effect p > span');
  const effect = await note.innerText();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  return effect;
}

it('shows an admin the running copy, which follows by itself', async () => {
  const { sidebarUrl, token } = addon.simulator.userToken(workspaceId);
  await page.goto(String(sidebarUrl));
  await statusOf('RUNNING');
  expect(page.url()).not.toContain(token);
  await page.waitForSelector('tr[data-entity="workspace"][data-state="read"] .tick');
}, 60_000);

it('pauses the run and lets it go on, at another rate and without some data', async () => {
  expect(await order('Pause', { reason: 'Month end' })).toContain('Paused');
  await statusOf('PAUSED');
  expect(await page.locator('tr[data-entity="invoice_payments"]').getAttribute('data-state')).not.toBe('read');
  expect(await order('Skip: Invoice payments')).toContain('invoice_payments');
  expect(await order('Change rate', { rate: '20' })).toContain('20 requests a second');
  expect(await order('Resume')).toContain('Resumed');
  await statusOf('RUNNING');
  await page.waitForSelector('tr[data-entity="invoice_payments"][data-state="skipped"]');
}, 120_000);

it('reads data again, cancels the run and starts over', async () => {
  expect(await order('Read again: Workspace')).toContain('workspace');
  expect(await order('Cancel run', { word: 'cancel', reason: 'Wrong options' })).toContain('Cancelled');
  await statusOf('CANCELLED');
  const before = (await readStatus(addon, workspaceId)).runId;
  await order('Restart all', { word: 'restart' });
  await waitForStatus(addon, workspaceId, ({ runId }) => runId !== before);
  await statusOf('RUNNING');
}, 120_000);

it('says in the log who did what and why', async () => {
  await show('Log');
  const lines = page.getByRole('listitem');
  await lines.filter({ hasText: 'Restarted everything' }).waitFor();
  for (const [title, reason] of [
    ['Paused', '“Month end”'],
    ['Cancelled', '“Wrong options”'],
  ] as const) {
    const text = await lines.filter({ hasText: title }).innerText();
    expect(text).toContain(reason);
    expect(text).toContain('You');
  }
  const answer = await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/actions`);
  const { actions } = (await answer.json()) as { actions: { verb: string }[] };
  expect(actions.map(({ verb }) => verb).slice(0, 7)).toEqual([
    'restartAll',
    'cancel',
    'restartEntity',
    'resume',
    'changeRate',
    'skipEntity',
    'pause',
  ]);
}, 60_000);

it('shows what a run would cost', async () => {
  await show('New copy');
  await page.getByRole('radio', { name: 'Core' }).check();
  await page.getByRole('button', { name: 'Estimate' }).click();
  await page
    .getByRole('region', { name: 'What it would cost' })
    .getByText('Requests', { exact: true })
    .first()
    .waitFor();
}, 60_000);

it('shows what a self-test finds', async () => {
  await show('Self-test');
  await page.getByRole('button', { name: /^Check/ }).click();
  await page.waitForSelector('[data-check="token"][data-state="ok"]');
}, 60_000);

it('starts a chosen part of the copy', async () => {
  await show('Status');
  await order('Cancel run', { word: 'cancel' });
  await statusOf('CANCELLED');
  await show('New copy');
  await page.getByRole('radio', { name: 'Only some data' }).check();
  await page.getByLabel('Tags', { exact: true }).check();
  await page.getByRole('button', { name: 'Start copy' }).click();
  await statusOf('COMPLETED');
  await page.waitForSelector('tr[data-entity="tags"] .tick');
}, 90_000);

it('shows a member that it is not for him', async () => {
  const { sidebarUrl } = addon.simulator.userToken(workspaceId, { role: 'MEMBER' });
  const asked = page.waitForResponse((response) => response.url().endsWith('/events'));
  await page.goto(String(sidebarUrl));
  expect((await asked).status()).toBe(403);
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.locator('tr[data-entity]').count()).toBe(0);
}, 60_000);
