import { describe, expect, it } from '@jest/globals';
import { buildBudget, buildEntityStatus, buildStatus } from '../../test/support/bootstrap-status.ts';
import { entityTypes } from '../domain/entities.ts';
import { remedies } from '../domain/remedies.ts';
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
    lastFullScanAt: new Date(Date.now() - 36 * 3_600_000).toISOString(),
    lastDeltaAt: new Date(Date.now() - 600_000).toISOString(),
    missed: 12,
    lastEventAt: new Date(Date.now() - 120_000).toISOString(),
  }),
]);

describe('the page of a run', () => {
  it('shows the run as a whole', async () => {
    sidebar.server().answerWith(() => ok({ ...running, lastBootstrapAt: '2026-11-20T10:00:00' }));
    const page = await sidebar.open();
    const run = page.getByRole('region', { name: 'Current run' });
    await run.waitFor();

    const text = await run.innerText();
    expect(text).toContain('1 of 2 kinds of data done');
    expect(text).toMatch(/Rows copied\s+1,384/);
    expect(text).toMatch(/Requests sent\s+12/);
    expect(text).toMatch(/Last complete copy\s+Nov 20, 2026/);
    expect(await run.getByRole('progressbar').getAttribute('value')).toBe(String((1 + 1200 / 1800) / 2));
  });

  it('shows what of the budget is used and left, and until when Clockify wants us to wait', async () => {
    const budget = buildBudget({ usedLastSecond: 31, hourlyLimit: 20_000, hourlyUsed: 4210 });
    sidebar.server().answerWith(() => ok({ ...running, budget: { ...budget, pausedUntil: '2026-11-21T10:04:30' } }));
    const page = await sidebar.open();
    const region = page.getByRole('region', { name: 'Request budget' });
    await region.waitFor();

    const text = await region.innerText();
    expect(text).toMatch(/This second\s+17 left\s+31 of 48 requests used/);
    expect(text).toMatch(/This hour\s+15,790 left\s+4,210 of 20,000 requests used/);
    expect(text).toMatch(/Requests go on at 10:04:30/);
    const meters = region.getByRole('meter');
    expect(await meters.evaluateAll((all) => all.map((meter) => meter.getAttribute('value')))).toEqual(['31', '4210']);
  });

  it('says that no hourly limit is known', async () => {
    sidebar.server().answerWith(() => ok(running));
    const page = await sidebar.open();
    await page.getByText('No hourly limit has been learned from Clockify.').waitFor();
    expect(await page.getByRole('meter').count()).toBe(1);
  });

  it('counts the kinds of data by state', async () => {
    const states = ['waiting', 'reading', 'read', 'read', 'failed', 'skipped'] as const;
    const entities = states.map((state, index) => buildEntityStatus({ state, entity: entityTypes[index] ?? 'tags' }));
    const users = buildEntityStatus({ entity: 'expenses', state: 'read', complete: true, evidence: 'count' });
    sidebar.server().answerWith(() => ok(buildStatus([...entities, users])));
    const page = await sidebar.open();
    await page.getByRole('table').waitFor();
    expect(await page.locator('.state-counts li').allTextContents()).toEqual([
      '1 proven complete',
      '2 not proven',
      '1 being read',
      '1 waiting',
      '1 failed',
      '1 skipped',
    ]);
  });

  it('shows each kind of data in a row of its own', async () => {
    sidebar.server().answerWith(() => ok(running));
    const page = await sidebar.open();
    const row = page.getByRole('row', { name: /^Projects/ });
    await row.waitFor();

    expect(await row.getByRole('cell').allInnerTexts()).toEqual([
      'Reading',
      '1,200 of 1,800\n6 pages',
      '42',
      '–',
      '–',
      'yesterday\n\nChanges read 10 min. ago\n\nLast event 2 min. ago\n\nChanges found that no event told: 12',
      'Read againSkip',
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

  it('says what to do about an error', async () => {
    sidebar
      .server()
      .answerWith(() =>
        ok(
          buildStatus([
            buildEntityStatus({ entity: 'users', state: 'read', lastErrorCode: 'clockify_timeout' }),
            buildEntityStatus({ entity: 'tags', state: 'skipped', lastErrorCode: 'clockify_feature_gated' }),
            buildEntityStatus({ entity: 'tasks', state: 'failed', lastErrorCode: 'clockify_token_dead' }),
          ]),
        ),
      );
    const page = await sidebar.open();
    await page.getByRole('row', { name: /^Tasks/ }).waitFor();
    expect(await page.locator('.remedy').allTextContents()).toEqual([
      remedies.clockify_feature_gated,
      remedies.clockify_token_dead,
    ]);
  });

  it('invites to the first copy when there is none', async () => {
    sidebar.server().answerWith(() => ok(buildStatus([], { status: 'NOT_STARTED', runId: null })));
    const page = await sidebar.open();
    await page.getByRole('button', { name: 'Make the first copy' }).click();
    await page.getByRole('heading', { name: 'Make a new copy' }).waitFor();
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
});
