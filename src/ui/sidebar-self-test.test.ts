import { describe, expect, it, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { buildStatus } from '../../test/support/bootstrap-status.ts';
import { ok, refused, userToken, useSidebar } from '../../test/support/sidebar-page.ts';
import type { Answer } from '../../test/support/sidebar-server.ts';
import { checkNames, type CheckResult } from '../domain/diagnosis.ts';

const sidebar = useSidebar();

const answerOf = (checks: readonly Partial<CheckResult>[], checkedAt = '2026-11-21T12:30:00'): Answer => ({
  status: 200,
  body: { diagnosis: { checkedAt, checks } },
});

const allGood = answerOf(
  checkNames.map((check) => ({ check, state: 'ok', finding: `The ${check} is as it should be.`, remedy: null })),
);
const missingScope = answerOf([
  { check: 'token', state: 'ok', finding: 'Clockify accepts the token.', remedy: null },
  { check: 'scopes', state: 'failed', finding: 'EXPENSE_READ is missing.', remedy: 'Reinstall the add-on.' },
  { check: 'plan', state: 'warning', finding: '30 requests an hour.', remedy: 'Allow for hours.' },
  { check: 'features', state: 'unknown', finding: 'Not looked at.', remedy: null },
]);

function answerWith(diagnosis: Answer, checked: Answer = allGood): void {
  sidebar.server().answerWith(({ method }) => (method === 'POST' ? checked : ok(buildStatus([]))), { diagnosis });
}

const lines = (page: Page) => page.locator('[data-check]');

describe('the self-test', () => {
  it('shows the last findings, how bad they are, and what to do', async () => {
    answerWith(missingScope);
    const page = await sidebar.openSection('Self-test');
    await lines(page).first().waitFor();
    expect((await lines(page).allInnerTexts()).map((text) => text.split(/\s*\n\s*/))).toEqual([
      ['Token', 'All right', 'Clockify accepts the token.'],
      ['Permissions', 'Has to be fixed', 'EXPENSE_READ is missing.', 'Reinstall the add-on.'],
      ['Plan', 'Worth a look', '30 requests an hour.', 'Allow for hours.'],
      ['Features', 'Not looked at', 'Not looked at.'],
    ]);
    await page.getByText(/Checked Nov 21, 2026, 12:30.PM/).waitFor();
  });

  it('is done again when asked for', async () => {
    answerWith(missingScope);
    const page = await sidebar.openSection('Self-test');
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('The clock is as it should be.').waitFor();
    expect(await lines(page).evaluateAll((all) => all.map((line) => line.getAttribute('data-state')))).toEqual(
      checkNames.map(() => 'ok'),
    );
    expect(sidebar.server().seen.filter(({ method }) => method === 'POST')).toMatchObject([
      { path: '/bootstrap/w1/diagnosis', token: userToken, body: {} },
    ]);
  });

  it('says that there was none, and does the first', async () => {
    answerWith({ status: 200, body: { diagnosis: null } });
    const page = await sidebar.openSection('Self-test');
    await page.getByText('Nothing has been checked so far.').waitFor();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('The token is as it should be.').waitFor();
  });

  it('keeps the last findings when it does not work', async () => {
    answerWith(missingScope, refused(503, 'clockify_unavailable'));
    const page = await sidebar.openSection('Self-test');
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByRole('alert').filter({ hasText: 'Clockify is not available at the moment.' }).waitFor();
    expect(await lines(page).count()).toBe(4);
  });

  it('says when the last findings cannot be loaded', async () => {
    answerWith(refused(503, 'storage_unavailable'));
    const page = await sidebar.openSection('Self-test');
    await page.getByRole('alert').filter({ hasText: 'The last self-test could not be loaded.' }).waitFor();
    expect(await page.getByRole('button', { name: 'Check now' }).isEnabled()).toBe(true);
  });
});

test('markup in findings is text', async () => {
  const markup = '<img src=x onerror="alert(1)">';
  answerWith(answerOf([{ check: 'plan', state: 'failed', finding: markup, remedy: `${markup}!` }]));
  const page = await sidebar.openSection('Self-test');
  await page.getByText(`${markup}!`, { exact: true }).waitFor();
  expect(await page.locator('#root img').count()).toBe(0);
});
