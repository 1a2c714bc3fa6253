import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { buildStatus } from '../../test/support/bootstrap-status.ts';
import { buildUserToken, ok, refused, useSidebar } from '../../test/support/sidebar-page.ts';
import type { Answer } from '../../test/support/sidebar-server.ts';
import type { BootstrapStatus } from '../domain/bootstrap-status.ts';
import type { OperatorActionLine } from '../domain/operator-orders.ts';

const sidebar = useSidebar();

const line = (given: Partial<OperatorActionLine>): OperatorActionLine => ({
  seq: 1,
  at: '2026-11-21T12:30:00',
  verb: 'pause',
  entity: null,
  actor: 'u2',
  reason: null,
  effect: 'Paused: no further page is begun.',
  ...given,
});
const logOf = (...actions: OperatorActionLine[]): Answer => ({ status: 200, body: { actions } });

function answerWith(actions: Answer, status: BootstrapStatus = buildStatus([])): void {
  const effect = { status: 200, body: { effect: 'Done.' } };
  sidebar.server().answerWith(({ method }) => (method === 'POST' ? effect : ok(status)), { actions });
}

async function openLog(): Promise<Page> {
  const page = await sidebar.open(buildUserToken({ user: 'u1' }));
  await page.getByRole('navigation').getByRole('button', { name: 'Log' }).click();
  return page;
}

describe('the log', () => {
  it('tells who did what, when and why, newest first', async () => {
    const entity = { verb: 'skipEntity', entity: 'invoices', effect: 'Left out of this run: invoices.' } as const;
    const own = line({ seq: 2, actor: 'u1', reason: 'Month end', ...entity });
    answerWith(logOf(own, line({ actor: 'Temporal Web UI' })));
    const page = await openLog();
    await page.getByRole('listitem').first().waitFor();
    expect((await page.getByRole('listitem').allInnerTexts()).map((text) => text.split(/\s*\n\s*/))).toEqual([
      ['Skipped · Invoices', 'Left out of this run: invoices.', '“Month end”', expect.stringMatching(/^You · Nov 21/)],
      ['Paused', 'Paused: no further page is begun.', expect.stringMatching(/^Temporal Web UI · Nov 21, 2026, 12:30/)],
    ]);
  });

  it('has a word for each verb, and keeps names it does not know', async () => {
    const verbs = ['start', 'resume', 'retryFailed', 'restartAll', 'changeRate', 'cancel', 'restartEntity'] as const;
    answerWith(logOf(...verbs.map((verb, seq) => line({ seq, verb, entity: seq === 6 ? 'unheard_of' : null }))));
    const page = await openLog();
    await page.getByRole('listitem').first().waitFor();
    expect(await page.locator('.log li > :first-child').allTextContents()).toEqual([
      'Started a run',
      'Resumed',
      'Retried what failed',
      'Restarted everything',
      'Changed the rate',
      'Cancelled',
      'Read again · unheard_of',
    ]);
  });

  it('says that it is empty', async () => {
    answerWith(logOf());
    const page = await openLog();
    await page.getByText('Nobody has given an order so far.').waitFor();
  });

  it('says that it cannot be loaded', async () => {
    answerWith(refused(503, 'storage_unavailable'));
    const page = await openLog();
    await page.getByRole('alert').filter({ hasText: 'The log could not be loaded.' }).waitFor();
  });

  it('shows markup in a reason as text', async () => {
    const markup = '<script>alert(1)</script>';
    answerWith(logOf(line({ reason: markup, effect: markup, actor: markup })));
    const page = await openLog();
    await page.getByText(`“${markup}”`).waitFor();
    expect(await page.locator('#root script').count()).toBe(0);
  });

  it('is read anew when the run has changed', async () => {
    answerWith(logOf());
    const page = await openLog();
    await page.getByText('Nobody has given an order so far.').waitFor();
    answerWith(logOf(line({ reason: 'By somebody else' })), buildStatus([], { status: 'PAUSED' }));
    await page.getByText('“By somebody else”').waitFor();
  });

  it('has a new line after an order of the own', async () => {
    answerWith(logOf());
    const page = await openLog();
    await page.getByText('Nobody has given an order so far.').waitFor();
    await page.getByRole('button', { name: 'Status' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    answerWith(logOf(line({ actor: 'u1' })));
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Done.').waitFor();
    await page.getByRole('button', { name: 'Log' }).click();
    await page.getByText(/^You · /).waitFor();
  });
});
