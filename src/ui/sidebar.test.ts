import { describe, expect, it } from '@jest/globals';
import { buildBudget, buildEntityStatus, buildStatus } from '../../test/support/bootstrap-status.ts';
import { buildUserToken, ok, refused, useSidebar } from '../../test/support/sidebar-page.ts';

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

describe('the page of a run', () => {
  it('shows the run as a whole', async () => {
    const budget = buildBudget({ limitPerSecond: 50, hourlyLimit: 20_000 });
    sidebar.server().answerWith(() => ok({ ...running, budget, lastBootstrapAt: '2026-11-20T10:00:00' }));
    const page = await sidebar.open();
    const run = page.getByRole('region', { name: 'Current run' });
    await run.waitFor();

    const text = await run.innerText();
    expect(text).toContain('1 of 2 kinds of data done');
    expect(text).toMatch(/Rows copied\s+1,384/);
    expect(text).toMatch(/Requests sent\s+12/);
    expect(text).toMatch(/50 requests\/s\s+and 20,000 an hour/);
    expect(text).toMatch(/Last complete copy\s+Nov 20, 2026/);
    expect(await run.getByRole('progressbar').getAttribute('value')).toBe(String((1 + 1200 / 1800) / 2));
  });

  it('shows each kind of data in a row of its own', async () => {
    sidebar.server().answerWith(() => ok(running));
    const page = await sidebar.open();
    const row = page.getByRole('row', { name: /^Projects/ });
    await row.waitFor();

    expect(await row.getByRole('cell').allInnerTexts()).toEqual([
      'Reading',
      '1,200 of 1,800',
      '6',
      '42',
      '–',
      '–',
      'Read again',
    ]);
    const bar = row.getByRole('progressbar');
    expect([await bar.getAttribute('value'), await bar.getAttribute('max')]).toEqual(['1200', '1800']);
  });

  it('shows a bar without an end while the number of rows is not known', async () => {
    const entities = [buildEntityStatus({ entity: 'tasks', state: 'reading', rows: 40 })];
    sidebar.server().answerWith(() => ok(buildStatus(entities)));
    const page = await sidebar.open();
    const bar = page.getByRole('progressbar', { name: 'Tasks' });
    await bar.waitFor();
    expect(await bar.evaluate((element) => element.matches(':indeterminate'))).toBe(true);
  });

  it('ticks only what is proven, and names the reason of the rest', async () => {
    const entities = [
      buildEntityStatus({ entity: 'users', state: 'read', rows: 9, complete: true, evidence: 'last_page' }),
      buildEntityStatus({ entity: 'tags', state: 'read', complete: true }),
      buildEntityStatus({ entity: 'clients', state: 'read', complete: false, reason: 'Clockify counts 5, but 4 came' }),
      buildEntityStatus({ entity: 'holidays', state: 'skipped', reason: 'The plan does not include this.' }),
      buildEntityStatus({ entity: 'tasks', state: 'failed', lastError: 'No answer in 30 s.' }),
    ];
    sidebar.server().answerWith(() => ok(buildStatus(entities, { status: 'COMPLETED_WITH_ERRORS' })));
    const page = await sidebar.open();
    await page.getByRole('heading', { name: 'Copied, with parts that failed' }).waitFor();

    expect(await page.locator('.tick').allTextContents()).toEqual(['Complete: read to the last page']);
    for (const reason of [
      'no evidence was given',
      'Clockify counts 5, but 4 came',
      'The plan does not include this.',
      'No answer in 30 s.',
    ]) {
      expect(await page.getByText(reason, { exact: true }).count()).toBe(1);
    }
  });

  it('shows the last error while it matters', async () => {
    const lastError = 'Clockify asked for a slower pace.';
    sidebar
      .server()
      .answerWith(() =>
        ok(
          buildStatus([
            buildEntityStatus({ entity: 'users', state: 'read', lastError }),
            buildEntityStatus({ entity: 'tags', state: 'reading', lastError }),
            buildEntityStatus({ entity: 'tasks', state: 'failed', lastError, reason: lastError }),
          ]),
        ),
      );
    const page = await sidebar.open();
    await page.getByRole('row', { name: /^Tasks/ }).waitFor();
    const shown = page.getByRole('row').filter({ hasText: lastError }).getByRole('rowheader');
    expect(await shown.allInnerTexts()).toEqual(['Tags', 'Tasks']);
    expect(await page.getByText(lastError).count()).toBe(2);
  });

  it('invites to the first copy when there is none', async () => {
    sidebar.server().answerWith(() => ok(buildStatus([], { status: 'NOT_STARTED', runId: null })));
    const page = await sidebar.open();
    await page.getByText('Nothing has been copied so far.').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
  });

  it('shows markup in reasons as text', async () => {
    const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    const entities = [buildEntityStatus({ entity: 'tags', state: 'failed', reason: markup, lastError: `${markup}!` })];
    sidebar.server().answerWith(() => ok(buildStatus(entities, { status: 'FAILED' })));
    const page = await sidebar.open();
    await page.getByText(markup, { exact: true }).waitFor();
    expect(await page.getByText(`${markup}!`, { exact: true }).count()).toBe(1);
    expect(await page.locator('#root :is(img, script)').count()).toBe(0);
  });

  it('writes figures in the language of the viewer', async () => {
    sidebar.server().answerWith(() => ok(running));
    const page = await sidebar.open(buildUserToken({ language: 'DE' }));
    await page.getByText('1.200 of 1.800').waitFor();
  });
});

describe('a status that is refused', () => {
  it.each([
    [401, 'invalid_token', 'Your session has expired', 'Renew yours to go on.'],
    [403, 'forbidden', 'You cannot use API Studio here', 'Your role here is TEAM_MANAGER.'],
    [403, 'workspace_mismatch', 'This is another workspace', 'Reload Clockify'],
    [403, 'installation_inactive', 'API Studio is switched off', 'switch it on again in Clockify'],
    [503, 'storage_unavailable', 'The status could not be loaded', 'The database cannot be reached'],
  ])('with %d %s shows what to do', async (status, code, title, advice) => {
    sidebar.server().answerWith(() => refused(status, code));
    const page = await sidebar.open(buildUserToken({ workspaceRole: 'TEAM_MANAGER' }));
    await page.getByRole('heading', { name: title }).waitFor();
    expect(await page.getByRole('main').innerText()).toContain(advice);
  });

  it('can be asked for again', async () => {
    sidebar.server().answerWith(() => refused(403, 'installation_inactive'));
    const page = await sidebar.open();
    const retry = page.getByRole('button', { name: 'Try again' });
    await retry.waitFor();
    sidebar.server().answerWith(() => ok(running));
    await retry.click();
    await page.getByRole('heading', { name: 'Copying' }).waitFor();
  });

  it('keeps the figures on the page when it worked before', async () => {
    sidebar.server().answerWith(() => ok(running));
    const page = await sidebar.open();
    await page.getByText('1,200 of 1,800').waitFor();
    sidebar.server().answerWith(() => refused(500, 'internal_error'));
    await page.getByText('The figures below are not up to date.').waitFor();
    expect(await page.getByText('1,200 of 1,800').count()).toBe(1);
  });
});
