import { describe, expect, it, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { buildStatus } from '../../test/support/bootstrap-status.ts';
import { ok, refused, userToken, useSidebar } from '../../test/support/sidebar-page.ts';
import type { Answer } from '../../test/support/sidebar-server.ts';
import type { EntityCoverage } from '../domain/coverage.ts';
import { webhookBodySchema } from '../domain/operator-orders.ts';
import type { WebhookPreview } from './bootstrap/api.ts';

const sidebar = useSidebar();

const coverageOf = (...entities: EntityCoverage[]): Answer => ({
  status: 200,
  body: { entities, events: [], feeds: [] },
});
const coverage = coverageOf(
  { entity: 'invoices', way: 'push', reason: 'All 2 events that concern it arrive.' },
  { entity: 'tags', way: 'delta', reason: '2 of 3 events do not arrive.' },
  { entity: 'holidays', way: 'poll', reason: 'Clockify has no event for it.' },
);
const previewOf = (given: Partial<WebhookPreview>): Answer => ({
  status: 200,
  body: { add: [], keep: [], renew: [], remove: [], closedBecause: null, ...given },
});
const preview = previewOf({
  add: ['NEW_TAG', 'TAG_DELETED'],
  keep: [{ event: 'NEW_INVOICE', kind: 'manifest', webhookId: null, isOn: true }],
  remove: [{ event: 'NEW_TASK', webhookId: 'w1' }],
});
const obeyed: Answer = { status: 200, body: { effect: '2 webhooks added, 1 kept, 1 removed.' } };

interface Answers {
  readonly coverage?: Answer;
  readonly preview?: Answer;
  readonly order?: Answer;
}

function answerWith(given: Answers = {}): void {
  const answers = { coverage, preview, order: obeyed, ...given };
  sidebar.server().answerWith(
    ({ method, path }) => {
      if (method === 'POST') return answers.order;
      return path.endsWith('/webhooks/preview') ? answers.preview : ok(buildStatus([]));
    },
    { coverage: answers.coverage },
  );
}

const rows = (page: Page) => page.locator('[data-covered]');
const dialog = (page: Page) => page.getByRole('dialog');
const orders = () => sidebar.server().seen.filter(({ method }) => method === 'POST');
const asked = (end: string) => sidebar.server().seen.filter(({ path }) => path.endsWith(end));

async function openDialog(name: string): Promise<Page> {
  const page = await sidebar.openSection('Self-test');
  await page.getByRole('button', { name, exact: true }).click();
  return page;
}

const submit = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true }).click();

describe('how changes arrive', () => {
  it('is shown for each kind of data, with the reason', async () => {
    answerWith();
    const page = await sidebar.openSection('Self-test');
    await page.getByRole('table', { name: 'How changes reach the copy' }).waitFor();
    expect((await rows(page).allInnerTexts()).map((text) => text.split(/\s*[\t\n]\s*/))).toEqual([
      ['Invoices', 'At once', 'All 2 events that concern it arrive.'],
      ['Tags', 'From the feed', '2 of 3 events do not arrive.'],
      ['Holidays', 'When read again', 'Clockify has no event for it.'],
    ]);
  });

  it('says when it cannot be loaded', async () => {
    answerWith({ coverage: refused(503, 'storage_unavailable') });
    const page = await sidebar.openSection('Self-test');
    await page.getByRole('alert').filter({ hasText: 'The database cannot be reached' }).waitFor();
    expect(await rows(page).count()).toBe(0);
  });
});

describe('registering webhooks', () => {
  it('shows first what would be done, and asks Clockify only then', async () => {
    answerWith();
    const page = await openDialog('Register webhooks');
    const parts = dialog(page).getByRole('list', { name: 'What will be done' }).getByRole('listitem');
    await parts.first().waitFor();
    expect(await parts.allInnerTexts()).toEqual(['Add: 2', 'Keep: 1', 'Give a new token: none', 'Remove: 1']);
    await dialog(page).getByText('Add: 2').click();
    await dialog(page).getByText('NEW_TAG, TAG_DELETED').waitFor();
    expect(orders()).toEqual([]);
    expect(asked('/webhooks/preview')).toMatchObject([{ method: 'GET', path: '/bootstrap/w1/webhooks/preview' }]);
  });

  it('is ordered with its reason, and shows what came of it and how changes arrive now', async () => {
    answerWith();
    const page = await openDialog('Register webhooks');
    const before = asked('/coverage').length;
    await dialog(page).getByLabel('Reason (optional)').fill(' After the outage ');
    await submit(page, 'Register webhooks');
    await page.getByRole('status').filter({ hasText: '2 webhooks added, 1 kept, 1 removed.' }).waitFor();
    expect(await dialog(page).count()).toBe(0);
    const order = { path: '/bootstrap/w1/register-webhooks', token: userToken, body: { reason: 'After the outage' } };
    expect(orders()).toMatchObject([order]);
    expect(webhookBodySchema.safeParse(orders()[0]?.body).success).toBe(true);
    expect(asked('/coverage').length).toBeGreaterThan(before);
  });

  it('says why Clockify does not let us', async () => {
    answerWith({ preview: previewOf({ closedBecause: 'Clockify does not open its webhooks to the add-on.' }) });
    const page = await openDialog('Register webhooks');
    await dialog(page).getByText('Clockify does not open its webhooks to the add-on.').waitFor();
  });

  it('says when Clockify does not tell what there is', async () => {
    answerWith({ preview: refused(503, 'clockify_unavailable') });
    const page = await openDialog('Register webhooks');
    await dialog(page).getByRole('alert').filter({ hasText: 'Clockify is not available' }).waitFor();
  });

  it('stays open when it is refused', async () => {
    answerWith({ order: refused(403, 'forbidden') });
    const page = await openDialog('Register webhooks');
    await submit(page, 'Register webhooks');
    await dialog(page).getByRole('alert').filter({ hasText: 'Your role does not allow this.' }).waitFor();
  });

  it('is left by the button and by the keyboard, and nothing is ordered', async () => {
    answerWith();
    const page = await openDialog('Register webhooks');
    await submit(page, 'Back');
    await dialog(page).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Register webhooks', exact: true }).click();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    expect(orders()).toEqual([]);
  });
});

test('tokens are replaced without asking Clockify what there is', async () => {
  answerWith();
  const page = await openDialog('Replace tokens');
  await dialog(page).getByText('can no longer send us anything').waitFor();
  await submit(page, 'Replace tokens');
  await page.getByRole('status').filter({ hasText: '2 webhooks added' }).waitFor();
  expect(orders()).toMatchObject([{ path: '/bootstrap/w1/rotate-webhook-tokens', body: {} }]);
  expect(asked('/webhooks/preview')).toEqual([]);
});

test('markup in reasons is text', async () => {
  const markup = '<img src=x onerror="alert(1)">';
  answerWith({ coverage: coverageOf({ entity: 'tags', way: 'poll', reason: markup }) });
  const page = await sidebar.openSection('Self-test');
  await page.getByText(markup, { exact: true }).waitFor();
  expect(await page.locator('#root img').count()).toBe(0);
});
