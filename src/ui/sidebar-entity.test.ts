import { beforeEach, describe, expect, it, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { buildStatus } from '../../test/support/bootstrap-status.ts';
import { answerEntity, buildHistory, buildVersion } from '../../test/support/sidebar-entities.ts';
import { buildDetail, buildLine, inboxPage } from '../../test/support/sidebar-inbox.ts';
import { ok, refused, userToken, useSidebar } from '../../test/support/sidebar-page.ts';
import type { Answer } from '../../test/support/sidebar-server.ts';
import type { EntityHistory } from '../domain/entity-history.ts';
import type { InboxDetail } from '../domain/inbox.ts';

const sidebar = useSidebar();
const inbox = () => sidebar.server().inbox;

beforeEach(() => sidebar.server().answerWith(() => ok(buildStatus([]))));

const versions = [
  buildVersion({ version: 3, source: 'scan', changed: ['archived', 'note'], from: '2026-11-21T10:00:00.000000Z' }),
  buildVersion({ version: 2, isDeleted: true, changed: [], from: '2026-11-20T10:00:00.000000Z' }),
  buildVersion({ version: 1, source: 'delta', changed: null, from: '2026-11-19T10:00:00.000000Z' }),
];
const history = buildHistory({ parentId: 'project-1', source: 'scan', versions });
const payloads = {
  1: { name: 'Travel', archived: false, rate: 12.5 },
  2: { name: 'Travel', archived: false, rate: 12.5 },
  3: { name: 'Travel', archived: true, note: null, rate: 12.5 },
};
const found = (given: Partial<EntityHistory> = {}): Answer => ({ status: 200, body: { ...history, ...given } });

interface Answers {
  readonly entity?: (cursor: string | null) => Answer;
  readonly detail?: Partial<InboxDetail>;
  readonly held?: Readonly<Record<number, object>>;
}

function answerWith({ entity = () => found(), detail = {}, held = payloads }: Answers = {}): void {
  inbox().answerWith((call) => {
    if (/^\/ui\/webhooks\/\d/.test(call.path)) return { status: 200, body: buildDetail(detail) };
    return answerEntity(call, entity, held) ?? inboxPage([buildLine()]);
  });
}

async function openDelivery(): Promise<Page> {
  const page = await sidebar.openSection('Webhooks');
  await page.getByRole('list', { name: 'Deliveries' }).getByRole('button', { name: 'NEW_TAG' }).click();
  await page.locator('pre').waitFor();
  return page;
}

async function openEntity(): Promise<Page> {
  const page = await openDelivery();
  await page.getByRole('button', { name: 'Open the entity' }).click();
  await panelOf(page).waitFor();
  return page;
}

const panelOf = (page: Page) => page.getByRole('article', { name: /^Tags/ });
const rows = (page: Page) => page.getByRole('list', { name: 'Versions' }).getByRole('listitem');
const versionButton = (page: Page, version: number) => rows(page).getByRole('button', { name: `Version ${version}` });
const linesOf = (text: string) => text.split(/\s*\n\s*/);
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.id || (document.activeElement?.textContent ?? ''));
const asked = () => inbox().seen.filter(({ path }) => path.startsWith('/ui/entities'));

describe('the entity of a delivery', () => {
  it('is opened from it: what the copy holds, since when, and how that was learned', async () => {
    answerWith();
    const page = await openEntity();
    const panel = page.getByRole('article', { name: 'Tags Version 3' });
    await panel.locator('pre').waitFor();
    expect(await focused(page)).toBe('entity-title');
    expect(await page.getByRole('article').count()).toBe(1);
    const facts = await panel.locator('.facts-list > div').allInnerTexts();
    expect(facts.map(linesOf)).toEqual([
      ['Id', 'tag-1'],
      ['Belongs to', 'project-1'],
      ['Learned', expect.stringMatching(/^when its kind was read whole, Nov 21, 2026/)],
      ['As of', expect.stringMatching(/^Nov 21, 2026/)],
    ]);
    const paths = [
      '/ui/entities/tags/tag-1',
      '/ui/entities/tags/tag-1/versions/2',
      '/ui/entities/tags/tag-1/versions/3',
    ];
    expect(asked().map(({ path }) => path)).toEqual(expect.arrayContaining(paths));
    expect(asked().map(({ token }) => token)).toEqual([userToken, userToken, userToken]);
  });

  it('leads back to the delivery, as it was left', async () => {
    answerWith();
    const page = await openDelivery();
    await page.getByRole('button', { name: 'Raw' }).click();
    await page.getByRole('button', { name: 'Open the entity' }).click();
    await page.getByRole('button', { name: 'Back to the delivery' }).click();
    expect(await focused(page)).toBe('Open the entity');
    expect(await page.getByRole('article', { name: 'NEW_TAG' }).locator('pre').textContent()).toBe('{"id":"tag-1"}');
    expect(await panelOf(page).count()).toBe(0);
  });

  it('gives way to another delivery that is opened', async () => {
    inbox().answerWith((call) => {
      if (/^\/ui\/webhooks\/\d/.test(call.path)) return { status: 200, body: buildDetail() };
      const lines = [buildLine(), buildLine({ id: '6', event: 'TAG_UPDATED' })];
      return answerEntity(call, () => found(), payloads) ?? inboxPage(lines);
    });
    const page = await openEntity();
    await page.getByRole('button', { name: 'TAG_UPDATED' }).click();
    await page.getByRole('article', { name: 'TAG_UPDATED' }).waitFor();
    expect([await focused(page), await panelOf(page).count()]).toEqual(['delivery-title', 0]);
  });

  it.each<[string, InboxDetail['entity']]>([
    ['the copy does not know it', { type: 'tags', id: 'tag-1', version: null, isDeleted: false }],
    ['the delivery names none', null],
    ['its kind is one that this page does not know', { type: 'moods', id: 'm-1', version: 1, isDeleted: false }],
  ])('cannot be opened when %s', async (_, entity) => {
    answerWith({ detail: { entity } });
    const page = await openDelivery();
    expect(await page.getByRole('button', { name: 'Open the entity' }).count()).toBe(0);
  });

  it('is asked for by an id of any characters', async () => {
    const id = 'user/1:ü?2%#&';
    answerWith({ detail: { entity: { type: 'tags', id, version: 3, isDeleted: false } } });
    const page = await openEntity();
    await panelOf(page).locator('pre').waitFor();
    const paths = asked().map(({ path }) => path.split('/').map(decodeURIComponent));
    expect(paths[0]).toEqual(['', 'ui', 'entities', 'tags', id]);
    expect(paths.slice(1)).toContainEqual(['', 'ui', 'entities', 'tags', id, 'versions', '3']);
  });

  it('that was deleted says so', async () => {
    answerWith({ entity: () => found({ version: 2, isDeleted: true, versions: versions.slice(1) }) });
    const page = await openEntity();
    await page.getByRole('article', { name: 'Tags Version 2, deleted' }).waitFor();
  });

  it.each<[string, Answer, string]>([
    ['is gone', refused(404, 'not_found'), 'The copy does not hold it any more.'],
    ['cannot be loaded', refused(503, 'storage_unavailable'), 'The database cannot be reached at the moment.'],
  ])('that %s says so, and the way back is there', async (_, answer, sentence) => {
    answerWith({ entity: () => answer });
    const page = await openEntity();
    await panelOf(page).getByRole('alert').filter({ hasText: sentence }).waitFor();
    await page.getByRole('button', { name: 'Back to the delivery' }).click();
    await page.getByRole('article', { name: 'NEW_TAG' }).waitFor();
  });

  it('is read anew when the delivery was processed again meanwhile', async () => {
    answerWith();
    const page = await openEntity();
    await panelOf(page).locator('pre').waitFor();
    const newest = buildVersion({ version: 4, changed: ['name'], from: '2026-11-21T11:00:00.000000Z' });
    answerWith({
      entity: () => found({ version: 4, source: 'event', versions: [newest, ...versions] }),
      held: { ...payloads, 4: { name: 'Trips' } },
    });
    inbox().tell('lines', { lines: [buildLine({ changedAt: '2026-11-21T11:00:00.000000Z' })] });
    await page.getByRole('article', { name: 'Tags Version 4' }).locator('pre', { hasText: 'Trips' }).waitFor();
  });
});

describe('its versions', () => {
  it('are listed newest first, each with how it was learned and what it brought', async () => {
    answerWith();
    const page = await openEntity();
    await rows(page).nth(2).waitFor();
    const texts = (await rows(page).allInnerTexts()).map(linesOf);
    expect(texts.map(([name, ...rest]) => [name, ...rest.map((text) => text.replace(/, Nov .*/, ''))])).toEqual([
      ['Version 3', 'Learned when its kind was read whole', 'Changed: archived, note'],
      ['Version 2', 'Deleted', 'Learned by a webhook', 'Gone in Clockify; its last content is kept.'],
      ['Version 1', 'Learned by a feed of changes', 'The first that was kept.'],
    ]);
  });

  it('are shown with what they held, and what that changed', async () => {
    answerWith();
    const page = await openEntity();
    const panel = panelOf(page);
    await panel.getByRole('heading', { name: /^Version 3 Nov 21, 2026.* – now$/ }).waitFor();
    await panel.getByText('Changed since version 2').waitFor();
    const changes = panel.locator('.changes > div');
    expect((await changes.allInnerTexts()).map(linesOf)).toEqual([
      ['archived', 'Was', 'false', 'Became', 'true'],
      ['note', 'Was', 'not there', 'Became', 'null'],
    ]);
    expect(await panel.locator('pre').textContent()).toBe(JSON.stringify(payloads[3], null, 2));
    await versionButton(page, 1).click();
    await panel.getByRole('heading', { name: /^Version 1 Nov 19, 2026/ }).waitFor();
    await panel.locator('pre', { hasText: '"archived": false' }).waitFor();
    expect(await panel.locator('pre').textContent()).toBe(JSON.stringify(payloads[1], null, 2));
    expect(await changes.count()).toBe(0);
    expect(await rows(page).locator('[aria-pressed=true]').allInnerTexts()).toEqual([
      expect.stringContaining('Version 1'),
    ]);
  });

  it('are asked for once, however often they are looked at', async () => {
    answerWith();
    const page = await openEntity();
    for (const version of [1, 3, 1]) {
      await versionButton(page, version).click();
      await panelOf(page)
        .getByRole('heading', { name: new RegExp(`^Version ${version}`) })
        .waitFor();
      await panelOf(page).locator('pre').waitFor();
    }
    const paths = asked().map(({ path }) => path.replace('/ui/entities/tags/tag-1', ''));
    expect(paths.toSorted()).toEqual(['', '/versions/1', '/versions/2', '/versions/3']);
  });

  it('go on with older ones when asked to', async () => {
    answerWith({
      entity: (cursor) =>
        cursor === '2' ? found({ versions: versions.slice(2) }) : found({ versions: versions.slice(0, 2), next: '2' }),
    });
    const page = await openEntity();
    await page.getByRole('button', { name: 'Load older versions' }).click();
    await versionButton(page, 1).click();
    await panelOf(page)
      .getByRole('heading', { name: /^Version 1/ })
      .waitFor();
    expect([await rows(page).count(), await page.getByRole('button', { name: /^Load older/ }).count()]).toEqual([3, 0]);
  });

  it('of which one cannot be loaded says so, and the others stay', async () => {
    answerWith({ held: { 3: payloads[3], 2: payloads[2] } });
    const page = await openEntity();
    await versionButton(page, 1).click();
    await panelOf(page).getByRole('alert').filter({ hasText: 'The version could not be loaded.' }).waitFor();
    await versionButton(page, 2).click();
    await panelOf(page).locator('pre').waitFor();
    expect(await panelOf(page).getByRole('alert').count()).toBe(0);
  });

  it('show whatever they hold as text, however long, and do not grow wider for it', async () => {
    const texts = ['<img src=x onerror="alert(1)">', '\u202eאבג\u202c 🙂', 'x'.repeat(3_000)];
    const hostile = Object.fromEntries(texts.map((text, n) => [text, texts[(n + 1) % 3]]));
    const strange = { ...hostile, ['__proto__']: 'own' };
    answerWith({
      entity: () => found({ versions: [buildVersion({ changed: [...texts, '__proto__'] }), ...versions.slice(1)] }),
      held: { 2: {}, 3: strange },
    });
    const page = await openEntity();
    await panelOf(page).locator('.changes').waitFor();
    expect(await panelOf(page).locator('pre').textContent()).toBe(JSON.stringify(strange, null, 2));
    expect(await panelOf(page).locator('dt', { hasText: '__proto__' }).locator('..').innerText()).toMatch(/"own"$/);
    expect(await page.locator('#root :is(script, img)').count()).toBe(0);
    const longest = await panelOf(page).locator('ins').allTextContents();
    expect(Math.max(...longest.map((text) => text.length))).toBe(1_001);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  it('that are very large are shown in part', async () => {
    answerWith({ held: { 2: {}, 3: { text: 'x'.repeat(300_000) } } });
    const page = await openEntity();
    await page.getByText('The first 200,000 characters of 300,016.').waitFor();
    expect((await panelOf(page).locator('pre').textContent())?.length).toBe(200_000);
  });
});

test('the way there, through the versions and back can be gone by keyboard alone', async () => {
  answerWith();
  const page = await openDelivery();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Open the entity');
  await page.keyboard.press('Enter');
  await panelOf(page).locator('.changes').waitFor();
  const reached = [];
  for (let step = 0; step < 5; step += 1) {
    await page.keyboard.press('Tab');
    reached.push((await focused(page)).replace(/(Version \d|\{).*/s, '$1'));
  }
  expect(reached).toEqual(['Back to the delivery', 'Version 3', 'Version 2', 'Version 1', '{']);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Space');
  await panelOf(page)
    .getByRole('heading', { name: /^Version 1/ })
    .waitFor();
  await versionButton(page, 1).and(page.locator(':focus')).waitFor();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  expect(await focused(page)).toBe('Open the entity');
});
