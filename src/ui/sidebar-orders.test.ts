import { describe, expect, it, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { buildBudget, buildEntityStatus, buildStatus } from '../../test/support/bootstrap-status.ts';
import { ok, refused, userToken, useSidebar } from '../../test/support/sidebar-page.ts';
import type { Answer } from '../../test/support/sidebar-server.ts';
import type { BootstrapStatus } from '../domain/bootstrap-status.ts';
import { operatorBodySchemas, type OperatorVerb } from '../domain/operator-orders.ts';

const sidebar = useSidebar();
const running = buildStatus(
  [
    buildEntityStatus({ entity: 'users', state: 'read', rows: 184, expected: 184, complete: true, evidence: 'count' }),
    buildEntityStatus({ entity: 'projects', state: 'reading', rows: 1200, expected: 1800, pages: 6 }),
    buildEntityStatus({ entity: 'tasks', state: 'failed', reason: 'No answer in 30 s.' }),
    buildEntityStatus({ entity: 'expenses' }),
  ],
  { budget: buildBudget({ limitPerSecond: 48 }) },
);
const paused = { ...running, status: 'PAUSED' } as const;
const obeyed: Answer = { status: 200, body: { effect: 'Something came of it.' } };

/** Answers every status with `status`, and every order with `answer`. */
function answerOrdersWith(answer: Answer, status: BootstrapStatus): void {
  sidebar.server().answerWith(({ method }) => (method === 'POST' ? answer : ok(status)));
}

const orders = () => sidebar.server().seen.filter(({ method }) => method === 'POST');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog');

interface Control {
  readonly verb: OperatorVerb;
  readonly opens: string;
  readonly sends: string;
  readonly title: string;
  readonly status: BootstrapStatus;
  readonly path: string;
  readonly body: object;
  readonly word?: string;
}

const controls: readonly Control[] = [
  { verb: 'pause', opens: 'Pause', title: 'Pause the run', status: running, path: 'pause', body: {} },
  { verb: 'resume', opens: 'Resume', title: 'Resume the run', status: paused, path: 'resume', body: {} },
  { verb: 'retryFailed', opens: 'Retry failed', title: 'Retry what failed', path: 'retry-failed', body: {} },
  {
    verb: 'restartEntity',
    opens: 'Read again: Users',
    sends: 'Read again',
    title: 'Read again: Users',
    path: 'restart-entity',
    body: { entity: 'users' },
  },
  {
    verb: 'skipEntity',
    opens: 'Skip: Expenses',
    sends: 'Skip',
    title: 'Skip: Expenses',
    path: 'skip-entity',
    body: { entity: 'expenses' },
  },
  {
    verb: 'changeRate',
    opens: 'Change rate',
    title: 'Change the rate',
    path: 'change-rate',
    body: { requestsPerSecond: 48 },
  },
  {
    verb: 'restartAll',
    opens: 'Restart all',
    title: 'Restart everything',
    path: 'restart-all',
    body: {},
    word: 'restart',
  },
  { verb: 'cancel', opens: 'Cancel run', title: 'Cancel the run', path: 'cancel', body: {}, word: 'cancel' },
].map((control) => ({ status: running, sends: control.opens, ...control }) as Control);

/** Opens the dialog of an order, and types the word that confirms it. */
async function ask(page: Page, { opens, word }: Control): Promise<void> {
  await button(page, opens).click();
  if (word !== undefined) await dialog(page).getByLabel(`Type ${word} to confirm`).fill(word);
}

describe.each(controls)('the order $verb', (control) => {
  const { verb, title, sends, status, path, body } = control;

  it('is sent once, without a reason, and its effect is shown', async () => {
    answerOrdersWith(obeyed, status);
    const page = await sidebar.open();
    await ask(page, control);
    expect(await dialog(page).getByRole('heading').innerText()).toBe(title);
    await dialog(page).getByRole('button', { name: sends, exact: true }).click();

    await page.getByRole('status').filter({ hasText: 'Something came of it.' }).waitFor();
    expect(await dialog(page).count()).toBe(0);
    expect(orders()).toMatchObject([{ path: `/bootstrap/w1/${path}`, token: userToken, body }]);
    expect(operatorBodySchemas[verb].safeParse(orders()[0]?.body).success).toBe(true);
  });

  it('is sent with its reason, and refused in words of the page', async () => {
    answerOrdersWith(refused(409, 'conflict'), status);
    const page = await sidebar.open();
    await ask(page, control);
    await dialog(page).getByLabel('Reason (optional)').fill(' Month end ');
    await dialog(page).getByRole('button', { name: sends, exact: true }).click();

    const alert = dialog(page).getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('The run is in another state by now.');
    expect(await alert.innerText()).toContain('req-81f2');
    expect(await alert.innerText()).not.toContain('Detail for developers');
    expect(orders()).toMatchObject([{ body: { ...body, reason: 'Month end' } }]);
  });

  it('is given up with Back or Escape, and the button has the focus again', async () => {
    answerOrdersWith(obeyed, status);
    const page = await sidebar.open();
    for (const leave of ['Back', 'Escape']) {
      await button(page, control.opens).click();
      if (leave === 'Back') await dialog(page).getByRole('button', { name: 'Back' }).click();
      else await page.keyboard.press('Escape');
      await dialog(page).waitFor({ state: 'detached' });
      expect(await button(page, control.opens).evaluate((one) => one === document.activeElement)).toBe(true);
    }
    expect(orders()).toEqual([]);
  });
});

test.each(controls.filter(({ word }) => word !== undefined))(
  'the order $verb needs its word typed',
  async ({ opens, sends, word = '' }) => {
    answerOrdersWith(obeyed, running);
    const page = await sidebar.open();
    await button(page, opens).click();
    const send = dialog(page).getByRole('button', { name: sends, exact: true });
    const field = dialog(page).getByLabel(`Type ${word} to confirm`);
    for (const typed of ['', 'yes', word.slice(1)]) {
      await field.fill(typed);
      expect(await send.isDisabled()).toBe(true);
    }
    await field.fill(` ${word.toUpperCase()} `);
    expect(await send.isEnabled()).toBe(true);
  },
);

test('another rate is sent as it was typed, within its bounds', async () => {
  answerOrdersWith(obeyed, running);
  const page = await sidebar.open();
  await button(page, 'Change rate').click();
  const rate = dialog(page).getByLabel('Requests per second');
  expect(await rate.inputValue()).toBe('48');
  for (const refusedRate of ['0.5', '51', '']) {
    await rate.fill(refusedRate);
    await dialog(page).getByRole('button', { name: 'Change rate' }).click();
    expect(await rate.evaluate((field) => field === document.activeElement)).toBe(true);
  }
  await rate.fill('12.5');
  await rate.press('Enter');
  await page.getByText('Something came of it.').waitFor();
  expect(orders()).toMatchObject([{ body: { requestsPerSecond: 12.5 } }]);
});

test('a reason has at most 500 characters', async () => {
  answerOrdersWith(obeyed, running);
  const page = await sidebar.open();
  await button(page, 'Pause').click();
  expect(await dialog(page).getByLabel('Reason (optional)').getAttribute('maxlength')).toBe('500');
});

test('an effect can be dismissed', async () => {
  answerOrdersWith(obeyed, running);
  const page = await sidebar.open();
  await button(page, 'Pause').click();
  await dialog(page).getByRole('button', { name: 'Pause' }).click();
  await button(page, 'Dismiss').click();
  expect(await page.getByText('Something came of it.').count()).toBe(0);
});

test('the page follows the new status', async () => {
  let status: BootstrapStatus = running;
  sidebar.server().answerWith(({ method }) => {
    if (method !== 'POST') return ok(status);
    status = paused;
    return obeyed;
  });
  const page = await sidebar.open();
  await button(page, 'Pause').click();
  await dialog(page).getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('heading', { name: 'Paused' }).waitFor();
  expect(await button(page, 'Resume').isEnabled()).toBe(true);
  expect(await button(page, 'Pause').count()).toBe(0);
});

test.each([
  ['PENDING', ['Pause', 'Retry failed', 'Change rate', 'Restart all', 'Cancel run']],
  ['PAUSED', ['Resume', 'Retry failed', 'Change rate', 'Restart all', 'Cancel run']],
  ['COMPLETED_WITH_ERRORS', ['Retry failed', 'Restart all']],
] as const)('a %s run offers %j', async (status, names) => {
  answerOrdersWith(obeyed, { ...running, status });
  const page = await sidebar.open();
  const group = page.getByRole('group', { name: 'Actions for the run' });
  await group.waitFor();
  expect(await group.getByRole('button').allInnerTexts()).toEqual(names);
});
