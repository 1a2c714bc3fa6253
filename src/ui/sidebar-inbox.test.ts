import { beforeEach, describe, expect, it, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { buildStatus } from '../../test/support/bootstrap-status.ts';
import { buildDetail, buildLine, inboxPage } from '../../test/support/sidebar-inbox.ts';
import { ok, refused, userToken, useSidebar } from '../../test/support/sidebar-page.ts';
import type { Answer } from '../../test/support/sidebar-server.ts';
import type { InboxDetail, InboxLine } from '../domain/inbox.ts';
import { replaySchema } from '../domain/inbox-requests.ts';

const sidebar = useSidebar();
const inbox = () => sidebar.server().inbox;

beforeEach(() => sidebar.server().answerWith(() => ok(buildStatus([]))));

interface Answers {
  readonly list?: Answer;
  readonly detail?: Answer;
  readonly replay?: Answer;
}

const parked = buildLine({
  id: '8',
  event: 'NEW_TASK',
  state: 'parked',
  reason: 'clockify_entity_gone',
  receivedAt: '2026-11-21T11:00:00.000000Z',
  latencyMs: null,
  effect: null,
  entityType: 'tasks',
  entityId: 'task-1',
});
const broken = buildLine({ id: '6', event: 'NEW_CLIENT', state: 'quarantined', reason: 'not_json', latencyMs: null });
const lines = [parked, buildLine(), broken];
const detailOf = (given: Partial<InboxDetail>): Answer => ({ status: 200, body: buildDetail(given) });

function answerWith({ list = inboxPage(lines), detail = detailOf({}), replay }: Answers = {}): void {
  inbox().answerWith(({ method, path }) => {
    if (method === 'POST') return replay ?? { status: 200, body: { effect: '1 delivery is processed again.' } };
    return /^\/ui\/webhooks\/\d/.test(path) ? detail : list;
  });
}

const open = () => sidebar.openSection('Webhooks');
const rows = (page: Page) => page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem');
const openDelivery = async (event: string): Promise<Page> => {
  const page = await open();
  await rows(page).getByRole('button', { name: event }).click();
  await page.getByRole('article').locator('pre').waitFor();
  return page;
};
const orders = () => inbox().seen.filter(({ method }) => method === 'POST');
const textOf = async (page: Page) => (await rows(page).allInnerTexts()).map((text) => text.split(/\s*\n\s*/));

describe('the list', () => {
  it('tells what came and what became of it, in words', async () => {
    answerWith();
    const page = await open();
    await rows(page).first().waitFor();
    expect(await page.getByRole('navigation').locator('[aria-current=page]').textContent()).toBe('Webhooks');
    const time = expect.stringMatching(/^Nov 21, 2026/);
    expect(await textOf(page)).toEqual([
      ['NEW_TASK', 'Given up', time, 'Tasks · task-1', 'It no longer exists in Clockify.'],
      ['NEW_TAG', 'Processed', time, 'Tags · tag-1 · after 1,500 ms', 'The copy was changed.'],
      ['NEW_CLIENT', 'Not understood', time, 'Tags · tag-1', 'The body is no JSON.'],
    ]);
    expect(inbox().seen.map(({ path, token }) => [path, token])).toEqual([
      ['/ui/webhooks/events', userToken],
      ['/ui/webhooks', userToken],
    ]);
  });

  it('is narrowed by event, state and time, and widened again', async () => {
    answerWith();
    const page = await open();
    await page.getByLabel('Event').selectOption('NEW_TASK');
    await page.getByLabel('State').selectOption('Given up');
    const answered = page.waitForResponse((response) => response.url().includes('from='));
    await page.getByLabel('Received from').fill('2026-11-01T00:00');
    await answered;
    const asked = () => new URLSearchParams(inbox().seen.at(-1)?.path.split('?')[1]);
    expect(Object.fromEntries(asked())).toEqual({
      event: 'NEW_TASK',
      state: 'parked',
      from: expect.stringMatching(/^2026-1[01]-\d\dT.*Z$/),
    });
    await page.getByRole('button', { name: 'Clear' }).click();
    await rows(page).nth(2).waitFor();
    expect(await page.getByLabel('Event').inputValue()).toBe('');
  });

  it('goes on with older ones when asked to', async () => {
    const older = buildLine({ id: '1', event: 'TAG_DELETED', receivedAt: '2026-11-20T10:00:00.000000Z' });
    inbox().answerWith(({ path }) =>
      path.includes('cursor=more') ? inboxPage([older]) : inboxPage([buildLine()], 'more'),
    );
    const page = await open();
    await page.getByRole('button', { name: 'Load older' }).click();
    await rows(page).filter({ hasText: 'TAG_DELETED' }).waitFor();
    expect([await rows(page).count(), await page.getByRole('button', { name: 'Load older' }).count()]).toEqual([2, 0]);
  });

  it.each<[string, Answer, string]>([
    ['nothing has come', inboxPage([]), 'No delivery has come so far.'],
    ['it cannot be loaded', refused(503, 'storage_unavailable'), 'The database cannot be reached at the moment.'],
    ['the viewer may not see it', refused(403, 'forbidden'), 'Your role does not allow this.'],
  ])('says when %s', async (_, list, sentence) => {
    answerWith({ list });
    if (list.status === 403) inbox().refuseStreams(list);
    const page = await open();
    await page.getByText(sentence).waitFor();
    expect(await rows(page).count()).toBe(0);
  });

  it('says when nothing fits', async () => {
    answerWith({ list: inboxPage([]) });
    const page = await open();
    await page.getByLabel('State').selectOption('Waiting');
    await page.getByText('No delivery fits.').waitFor();
  });
});

describe('what happens meanwhile', () => {
  const tell = (...news: InboxLine[]) => inbox().tell('lines', { lines: news });
  const fresh = buildLine({ id: '9', event: 'NEW_CLIENT', receivedAt: '2026-11-21T12:00:00.000000Z' });

  it('is shown at once: what comes, and what changes', async () => {
    answerWith();
    const page = await open();
    await rows(page).first().waitFor();
    tell(fresh, { ...parked, state: 'received', reason: null, changedAt: '2026-11-21T12:00:00.000000Z' });
    await rows(page).nth(3).waitFor();
    expect((await textOf(page)).map(([event, state]) => `${event} ${state}`)).toEqual([
      'NEW_CLIENT Processed',
      'NEW_TASK Waiting',
      'NEW_TAG Processed',
      'NEW_CLIENT Not understood',
    ]);
    expect(inbox().seen).toHaveLength(2);
  });

  it('waits while the viewer has it paused', async () => {
    answerWith();
    const page = await open();
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    tell(fresh);
    await page.getByRole('button', { name: 'Resume (1 new)' }).waitFor();
    expect(await rows(page).count()).toBe(3);
    await page.getByRole('button', { name: 'Resume (1 new)' }).click();
    await rows(page).nth(3).waitFor();
  });

  it('is resumed after a loss from where it was', async () => {
    answerWith();
    const page = await open();
    await rows(page).first().waitFor();
    tell(fresh);
    await rows(page).nth(3).waitFor();
    const resumed = page.waitForRequest((request) => request.url().endsWith('/events'));
    inbox().cutStreams();
    expect((await resumed).headers()['last-event-id']).toMatch(/^place-\d+$/);
    expect(await rows(page).count()).toBe(4);
  });

  it('is loaded anew when there was too much of it', async () => {
    answerWith();
    const page = await open();
    await rows(page).nth(2).waitFor();
    answerWith({ list: inboxPage([fresh]) });
    inbox().tell('reload', {});
    await rows(page).filter({ hasText: 'NEW_CLIENT' }).first().waitFor();
    await rows(page).nth(1).waitFor({ state: 'detached' });
  });
});

describe('a delivery', () => {
  it('is shown with its body, headers, entity and workflow', async () => {
    answerWith();
    const page = await openDelivery('NEW_TAG');
    const panel = page.getByRole('article', { name: 'NEW_TAG' });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('delivery-title');
    expect(await panel.locator('pre').textContent()).toBe('{\n  "id": "tag-1"\n}');
    await panel.getByText('Tags tag-1, version 3 in the copy').waitFor();
    await panel.getByText('mailbox:w1:a1').waitFor();
    await panel.getByRole('button', { name: 'Raw' }).click();
    expect(await panel.locator('pre').textContent()).toBe('{"id":"tag-1"}');
    await panel.getByText('Headers').click();
    await panel.getByText('[redacted]').waitFor();
    await panel.getByRole('button', { name: 'Close' }).click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('NEW_TAG');
    expect(await page.getByRole('article').count()).toBe(0);
  });

  it('that is no text is shown in base64', async () => {
    answerWith({ detail: detailOf({ text: null, base64: '//79', formatted: null }) });
    const page = await openDelivery('NEW_CLIENT');
    await page.getByText('It is no text').waitFor();
    expect(await page.locator('pre').textContent()).toBe('//79');
    expect(await page.getByRole('button', { name: 'Raw' }).count()).toBe(0);
  });

  it('of which nothing can be understood cannot be replayed', async () => {
    answerWith({ detail: detailOf({ ...broken, formatted: null }) });
    const page = await openDelivery('NEW_CLIENT');
    expect(await page.getByRole('article').getByRole('button', { name: 'Replay' }).count()).toBe(0);
    expect(await page.getByLabel('Select NEW_CLIENT 6').isDisabled()).toBe(true);
  });

  it('that is gone says so', async () => {
    answerWith({ detail: refused(404, 'not_found') });
    const page = await open();
    await rows(page).getByRole('button', { name: 'NEW_TAG' }).click();
    await page.getByRole('alert').filter({ hasText: 'The delivery is not there any more.' }).waitFor();
  });

  it('shows whatever it says as text, however long, and does not grow wider for it', async () => {
    const texts = [
      '<script>alert(1)</script><img src=x onerror="alert(1)">',
      '\u202eאבג\u202c مرحبا 🙂👩‍👩‍👧',
      'x'.repeat(3_000),
      'long word '.repeat(300).trim(),
    ];
    const text = texts.join('\n');
    const hostile = texts.map((reason, index) => buildLine({ id: String(9 - index), entityId: reason, reason }));
    const detail = detailOf({ ...hostile[0], text, formatted: text, headers: { host: text }, workflowId: text });
    answerWith({ list: inboxPage(hostile), detail });
    const page = await open();
    await rows(page).getByRole('button', { name: 'NEW_TAG' }).first().click();
    await page.locator('pre').waitFor();
    expect(await page.locator('pre').textContent()).toBe(text);
    expect(await page.locator('.outcome').allTextContents()).toEqual(texts);
    expect(await page.locator('#root :is(script, img)').count()).toBe(0);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});

describe('a replay', () => {
  const confirm = async (page: Page, reason: string) => {
    await page.getByRole('dialog').getByLabel('Reason (optional)').fill(reason);
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
  };

  it('of one, of some, or of all that failed is ordered with its reason', async () => {
    answerWith();
    const page = await openDelivery('NEW_TAG');
    await page.getByRole('article').getByRole('button', { name: 'Replay' }).click();
    await confirm(page, 'Look again');
    await page.getByRole('status').filter({ hasText: '1 delivery is processed again.' }).waitFor();
    for (const name of ['NEW_TASK 8', 'NEW_TAG 7']) await page.getByLabel(`Select ${name}`).check();
    await page.getByRole('button', { name: 'Replay 2 selected' }).click();
    await confirm(page, '');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Replay all failed' }).click();
    await confirm(page, 'After the outage');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(orders().map(({ path, body }) => [path, body])).toEqual([
      ['/ui/webhooks/replay', { ids: ['7'], reason: 'Look again' }],
      ['/ui/webhooks/replay', { ids: ['8', '7'] }],
      ['/ui/webhooks/replay', { all: 'failed', reason: 'After the outage' }],
    ]);
    expect(orders().every(({ body }) => replaySchema.safeParse(body).success)).toBe(true);
  });

  it('that is refused says why, and can be tried again', async () => {
    answerWith({ replay: refused(409, 'conflict') });
    const page = await open();
    await page.getByRole('button', { name: 'Replay all failed' }).click();
    await confirm(page, '');
    const alert = page.getByRole('dialog').getByRole('alert');
    await alert.filter({ hasText: 'cannot be processed, now or later' }).waitFor();
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).isEnabled()).toBe(true);
  });
});

test('every control can be reached and used by keyboard', async () => {
  answerWith();
  const page = await open();
  await rows(page).first().waitFor();
  await page.getByRole('button', { name: 'Clear' }).focus();
  const reached = [];
  for (let step = 0; step < 3; step += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? 'line'));
  }
  expect(reached).toEqual(['Select NEW_TASK 8', 'line', 'Select NEW_TAG 7']);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: 'NEW_TAG' }).waitFor();
});
