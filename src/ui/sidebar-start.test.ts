import { describe, expect, it, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { buildEstimate, buildStatus } from '../../test/support/bootstrap-status.ts';
import { ok, refused, userToken, useSidebar } from '../../test/support/sidebar-page.ts';
import type { Answer } from '../../test/support/sidebar-server.ts';
import type { BootstrapStatus } from '../domain/bootstrap-status.ts';

const sidebar = useSidebar();
const completed = buildStatus([], { status: 'COMPLETED' });
const started: Answer = { status: 200, body: { job_id: 'j', status: 'started' } };

interface Answers {
  readonly start?: Answer;
  readonly estimate?: Answer;
  readonly status?: BootstrapStatus;
}

function answerWith({ start = started, estimate = refused(500, 'internal_error'), status = completed }: Answers): void {
  sidebar.server().answerWith(({ method, path }) => {
    if (method === 'GET') return ok(status);
    return path.endsWith('/estimate') ? estimate : start;
  });
}

const sent = (ending: string) =>
  sidebar.server().seen.filter(({ method, path }) => method === 'POST' && path.endsWith(ending));
const starts = () => sent('/w1');
const estimates = () => sent('/estimate').map(({ body }) => body);
const startButton = (page: Page) => page.getByRole('button', { name: 'Start copy' });

describe('the first visit', () => {
  const fresh = buildStatus([], { status: 'NOT_STARTED', runId: null });

  it('starts the copy that the workspace wants, once', async () => {
    answerWith({ status: { ...fresh, startsOnVisit: true } });
    const page = await sidebar.open();
    await page.getByText('A run has started.').waitFor();
    sidebar.server().cutStreams();
    await page.getByText('Connection lost').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(starts()).toMatchObject([{ body: {} }]);
  });

  it('starts nothing where nobody wants it', async () => {
    answerWith({ status: fresh });
    const page = await sidebar.open();
    await page.getByRole('button', { name: 'Make the first copy' }).waitFor();
    expect(starts()).toEqual([]);
  });
});

describe('the start form', () => {
  it('starts a run with the standard options, and shows its status', async () => {
    answerWith({});
    const page = await sidebar.openSection('New copy');
    await startButton(page).click();
    await page.getByText('A run has started.').waitFor();
    await page.getByRole('region', { name: 'Current run' }).waitFor();
    expect(starts()).toMatchObject([{ token: userToken, body: { scope: 'standard', timeEntries: true } }]);
  });

  it('starts a run with the chosen options', async () => {
    answerWith({});
    const page = await sidebar.openSection('New copy');
    await page.getByRole('radio', { name: 'Everything' }).check();
    await page.getByLabel('Time entries of the last').fill('90');
    await page.getByLabel('Requests per second').fill('25');
    await startButton(page).click();
    await page.getByText('A run has started.').waitFor();
    expect(starts()).toMatchObject([
      { body: { scope: 'everything', timeEntries: true, timeEntryDays: 90, requestsPerSecond: 25 } },
    ]);
  });

  it('starts a run without time entries', async () => {
    answerWith({});
    const page = await sidebar.openSection('New copy');
    await page.getByLabel('Time entries of the last').fill('90');
    await page.getByLabel('Include time entries').uncheck();
    expect(await page.getByLabel('Time entries of the last').isDisabled()).toBe(true);
    await startButton(page).click();
    await page.getByText('A run has started.').waitFor();
    expect(starts()).toMatchObject([{ body: { scope: 'standard', timeEntries: false } }]);
  });

  it('starts a run of some kinds of data, once some are chosen', async () => {
    answerWith({});
    const page = await sidebar.openSection('New copy');
    await page.getByRole('radio', { name: 'Only some data' }).check();
    await page.getByText('Choose some data first.').waitFor();
    expect(await startButton(page).isDisabled()).toBe(true);
    for (const name of ['Tags', 'Tasks']) await page.getByLabel(name, { exact: true }).check();
    await startButton(page).click();
    await page.getByText('A run has started.').waitFor();
    expect(starts()).toMatchObject([{ body: { only: ['tags', 'tasks'] } }]);
  });

  it('forgets the choice of data with another scope', async () => {
    answerWith({});
    const page = await sidebar.openSection('New copy');
    await page.getByRole('radio', { name: 'Only some data' }).check();
    await page.getByRole('radio', { name: 'Core' }).check();
    await startButton(page).click();
    await page.getByText('A run has started.').waitFor();
    expect(starts()).toMatchObject([{ body: { scope: 'core', timeEntries: true } }]);
  });

  it.each([
    ['Time entries of the last', '0'],
    ['Time entries of the last', '1.5'],
    ['Requests per second', '0.5'],
    ['Requests per second', '51'],
  ])('refuses %s: %s without asking the server', async (label, value) => {
    answerWith({});
    const page = await sidebar.openSection('New copy');
    await page.getByLabel(label).fill(value);
    await startButton(page).click();
    expect(await page.getByLabel(label).evaluate((field) => field === document.activeElement)).toBe(true);
    expect(starts()).toEqual([]);
  });

  it('waits for the end of the run that is under way', async () => {
    answerWith({ status: buildStatus([], { status: 'PAUSED' }) });
    const page = await sidebar.openSection('New copy');
    await page.getByText('Possible when the current run has ended.').waitFor();
    expect(await startButton(page).isDisabled()).toBe(true);
  });

  it('says so when somebody else was faster', async () => {
    answerWith({ start: { status: 200, body: { job_id: 'j', status: 'running' } } });
    const page = await sidebar.openSection('New copy');
    await startButton(page).click();
    await page.getByText('A run is under way already.').waitFor();
  });

  it.each([
    [422, 'validation_failed', 'Some of the options are outside what is allowed.'],
    [503, 'temporal_unavailable', 'The service that carries out runs cannot be reached at the moment.'],
    [500, 'made_up', 'The server gave an answer that could not be read.'],
  ])('explains a %d %s in words of the page', async (status, code, sentence) => {
    answerWith({ start: refused(status, code) });
    const page = await sidebar.openSection('New copy');
    await startButton(page).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain(sentence);
    expect(await startButton(page).isEnabled()).toBe(true);
  });
});

describe('the estimate', () => {
  const estimate = (given = {}): Answer => ({ status: 200, body: buildEstimate(given) });
  const panel = (page: Page) => page.getByRole('region', { name: 'What it would cost' });

  it('is made when asked for, and shows requests, time, basis and kinds of data', async () => {
    answerWith({ estimate: estimate() });
    const page = await sidebar.openSection('New copy');
    expect(estimates()).toEqual([]);
    await page.getByRole('button', { name: 'Estimate' }).click();
    await panel(page).getByText('By kind of data').click();

    const text = await panel(page).innerText();
    expect(text).toMatch(/Requests\s+1,240\s+give or take 60/);
    expect(text).toMatch(/Time\s+about 15 min\s+at 48 requests\/s/);
    expect(text).toMatch(/Plan\s+PRO/);
    expect(text).toContain('Counted in the copy that we hold.');
    expect(text).toContain('Time entries are read for each of 184 users.');
    expect(await panel(page).getByRole('row', { name: /^Tags/ }).getByRole('cell').allInnerTexts()).toEqual([
      '3',
      '412',
    ]);
    expect(estimates()).toEqual([{ scope: 'standard', timeEntries: true }]);
  });

  it('says what it is based on without a copy, and what an hour allows', async () => {
    const pace = { requestsPerSecond: 1, requestsPerHour: 30 };
    answerWith({ estimate: estimate({ basis: 'probes', plan: null, margin: 0, pace }) });
    const page = await sidebar.openSection('New copy');
    await page.getByRole('button', { name: 'Estimate' }).click();
    await panel(page).getByText('there is no copy to count in yet').waitFor();
    const text = await panel(page).innerText();
    expect(text).toMatch(/Hourly limit\s+30/);
    expect(text).not.toMatch(/Plan|give or take/);
  });

  it('follows the options once it was asked for, and rests while they are out of range', async () => {
    answerWith({ estimate: estimate() });
    const page = await sidebar.openSection('New copy');
    await page.getByRole('radio', { name: 'Core' }).check();
    await page.getByRole('button', { name: 'Estimate' }).click();
    await panel(page).getByText('1,240').waitFor();

    answerWith({ estimate: estimate({ calls: 77 }) });
    await page.getByLabel('Time entries of the last').fill('0');
    await page.getByLabel('Time entries of the last').fill('9');
    await page.getByLabel('Time entries of the last').fill('90');
    await panel(page).getByText(/^77/).waitFor();
    expect(estimates()).toEqual([{ scope: 'core', timeEntries: true, timeEntryDays: 90 }]);
  });

  it('is refused in words of the page, and can be asked for again', async () => {
    answerWith({ estimate: refused(503, 'clockify_rate_limited') });
    const page = await sidebar.openSection('New copy');
    await page.getByRole('button', { name: 'Estimate' }).click();
    await panel(page).getByText('Clockify asked for a slower pace.').waitFor();
    answerWith({ estimate: estimate() });
    await page.getByRole('button', { name: 'Estimate' }).click();
    await panel(page).getByText('1,240').waitFor();
    expect(await panel(page).getByRole('alert').count()).toBe(0);
  });
});

test('options and estimate are there while a run is under way', async () => {
  answerWith({ estimate: { status: 200, body: buildEstimate() }, status: buildStatus([]) });
  const page = await sidebar.openSection('New copy');
  await page.getByRole('button', { name: 'Estimate' }).click();
  await page.getByText('1,240').waitFor();
});
