import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { buildEntityStatus, buildStatus } from '../../test/support/bootstrap-status.ts';
import { ok, refused, userToken, useSidebar } from '../../test/support/sidebar-page.ts';
import type { Answer } from '../../test/support/sidebar-server.ts';
import type { BootstrapStatus } from '../domain/bootstrap-status.ts';

const sidebar = useSidebar();
const running = buildStatus([
  buildEntityStatus({ entity: 'users', state: 'read', rows: 184, expected: 184, complete: true, evidence: 'count' }),
  buildEntityStatus({
    entity: 'projects',
    state: 'reading',
    rows: 1200,
    expected: 1800,
    pages: 6,
    ratePerSecond: 42,
  }),
]);

/** Answers every status with `status`, and every command with `answer`. */
function answerCommandsWith(answer: Answer, status: BootstrapStatus): void {
  sidebar.server().answerWith(({ method }) => (method === 'POST' ? answer : ok(status)));
}

/** Presses a button, and hands back the request that it caused. */
async function press(page: Page, name: string) {
  const [request] = await Promise.all([
    page.waitForRequest((sent) => sent.method() === 'POST'),
    page.getByRole('button', { name }).click(),
  ]);
  await request.response();
  return sidebar.server().seen.find(({ method }) => method === 'POST');
}

describe('the first visit', () => {
  const fresh = buildStatus([], { status: 'NOT_STARTED', runId: null });
  const posts = () => sidebar.server().seen.filter(({ method }) => method === 'POST');

  it('starts the copy that the workspace wants, once', async () => {
    answerCommandsWith({ status: 200, body: { job_id: 'j', status: 'started' } }, { ...fresh, startsOnVisit: true });
    const page = await sidebar.open();
    await page.waitForResponse((response) => response.request().method() === 'POST');
    await page.waitForResponse((response) => response.url().endsWith('/status'));
    expect(posts()).toMatchObject([{ path: '/bootstrap/w1', body: {} }]);
  });

  it('starts nothing where nobody wants it', async () => {
    answerCommandsWith(refused(500, 'internal_error'), fresh);
    const page = await sidebar.open();
    await page.getByRole('button', { name: 'Rebuild workspace snapshot' }).waitFor();
    expect(posts()).toEqual([]);
  });
});

describe('the buttons', () => {
  it.each([
    ['NOT_STARTED', { rebuild: true, pause: false, resume: false }],
    ['PENDING', { rebuild: false, pause: true, resume: false }],
    ['RUNNING', { rebuild: false, pause: true, resume: false }],
    ['PAUSED', { rebuild: false, pause: false, resume: true }],
    ['COMPLETED', { rebuild: true, pause: false, resume: false }],
    ['COMPLETED_WITH_WARNINGS', { rebuild: true, pause: false, resume: false }],
    ['FAILED', { rebuild: true, pause: false, resume: false }],
    ['CANCELLED', { rebuild: true, pause: false, resume: false }],
  ] as const)('of a %s run are %p', async (status, enabled) => {
    sidebar.server().answerWith(() => ok({ ...running, status }));
    const page = await sidebar.open();
    const button = (name: string) => page.getByRole('button', { name });
    await button('Pause').waitFor();

    expect({
      rebuild: await button('Rebuild workspace snapshot').isEnabled(),
      pause: await button('Pause').isEnabled(),
      resume: await button('Resume').isEnabled(),
    }).toEqual(enabled);
    expect(await button('Read again: Users').isEnabled()).toBe(enabled.rebuild);
  });

  it('start a run with the standard options', async () => {
    answerCommandsWith(
      { status: 202, body: { job_id: 'j', status: 'PENDING' } },
      buildStatus([], { status: 'COMPLETED' }),
    );
    const page = await sidebar.open();
    expect(await press(page, 'Rebuild workspace snapshot')).toEqual({
      method: 'POST',
      path: '/bootstrap/w1',
      token: userToken,
      body: { scope: 'standard', timeEntries: true },
    });
  });

  it('start a run with the chosen options', async () => {
    answerCommandsWith({ status: 202, body: {} }, buildStatus([], { status: 'COMPLETED' }));
    const page = await sidebar.open();
    await page.getByLabel('Scope').selectOption('everything');
    await page.getByLabel('Days back').fill('90');
    await page.getByLabel('Requests per second').fill('25');
    const request = await press(page, 'Rebuild workspace snapshot');
    expect(request?.body).toEqual({ scope: 'everything', timeEntries: true, timeEntryDays: 90, requestsPerSecond: 25 });
  });

  it('start a run without time entries', async () => {
    answerCommandsWith({ status: 202, body: {} }, buildStatus([], { status: 'COMPLETED' }));
    const page = await sidebar.open();
    await page.getByLabel('Days back').fill('90');
    await page.getByLabel('Include time entries').uncheck();
    const request = await press(page, 'Rebuild workspace snapshot');
    expect(request?.body).toEqual({ scope: 'standard', timeEntries: false });
  });

  it.each([
    ['Days back', '0'],
    ['Days back', '1.5'],
    ['Requests per second', '0.5'],
    ['Requests per second', '51'],
  ])('refuse %s of %s without asking the server', async (label, value) => {
    sidebar.server().answerWith(() => ok(buildStatus([], { status: 'COMPLETED' })));
    const page = await sidebar.open();
    await page.getByLabel(label).fill(value);
    await page.getByRole('button', { name: 'Rebuild workspace snapshot' }).click();

    expect(await page.getByLabel(label).evaluate((field) => field === document.activeElement)).toBe(true);
    expect(sidebar.server().seen.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('read one kind of data again', async () => {
    answerCommandsWith({ status: 202, body: {} }, { ...running, status: 'COMPLETED' });
    const page = await sidebar.open();
    const request = await press(page, 'Read again: Projects');
    expect(request).toMatchObject({ path: '/bootstrap/w1', body: { only: ['projects'] } });
  });

  it.each([
    ['Pause', 'RUNNING', '/bootstrap/w1/pause'],
    ['Resume', 'PAUSED', '/bootstrap/w1/resume'],
  ] as const)('%s a %s run, with a reason if there is one', async (name, status, path) => {
    for (const reason of ['', 'Month end']) {
      answerCommandsWith({ status: 202, body: {} }, { ...running, status });
      const page = await sidebar.open();
      await page.getByLabel('Reason (optional)').fill(reason);
      expect(await press(page, name)).toMatchObject({ path, token: userToken, body: reason === '' ? {} : { reason } });
    }
  });

  it('follow the new status at once', async () => {
    let status: BootstrapStatus = { ...running, status: 'RUNNING' };
    sidebar.server().answerWith(({ method }) => {
      if (method === 'POST') status = { ...running, status: 'PAUSED' };
      return ok(status);
    });
    const page = await sidebar.open();
    await press(page, 'Pause');
    await page.getByRole('heading', { name: 'Paused' }).waitFor();
    expect(await page.getByRole('button', { name: 'Resume' }).isEnabled()).toBe(true);
  });

  it.each([
    [409, 'conflict', 'The run is in another state by now.'],
    [422, 'validation_failed', 'Some of the options are outside what is allowed.'],
    [503, 'temporal_unavailable', 'The service that carries out runs cannot be reached at the moment.'],
    [500, 'made_up', 'The server gave an answer that could not be read.'],
  ])('explain a %d %s in words of the page', async (status, code, sentence) => {
    answerCommandsWith(refused(status, code), buildStatus([], { status: 'COMPLETED' }));
    const page = await sidebar.open();
    await press(page, 'Rebuild workspace snapshot');
    const alert = page.getByRole('alert');
    await alert.waitFor();

    expect(await alert.innerText()).toContain(sentence);
    expect(await alert.innerText()).toContain('req-81f2');
    expect(await alert.innerText()).not.toContain('Detail for developers');
    expect(await page.getByRole('button', { name: 'Rebuild workspace snapshot' }).isEnabled()).toBe(true);
  });
});
