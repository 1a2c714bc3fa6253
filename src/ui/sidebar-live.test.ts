import { describe, expect, it, test } from '@jest/globals';
import { buildStatus } from '../../test/support/bootstrap-status.ts';
import { ok, refused, userToken, useSidebar } from '../../test/support/sidebar-page.ts';

const sidebar = useSidebar();
const requests = (count: number) => buildStatus([], { requests: count });
const shown = (count: number) => new RegExp(`Requests sent\\s*${count}`);
const streams = () => sidebar.server().seen.filter(({ path }) => path.endsWith('/events'));

test('the page follows the run over one connection', async () => {
  sidebar.server().answerWith(() => ok(requests(1)));
  const page = await sidebar.open();
  await page.getByText(shown(1)).waitFor();
  for (const count of [2, 3]) {
    sidebar.server().answerWith(() => ok(requests(count)));
    await page.getByText(shown(count)).waitFor();
  }
  await page.getByText('Live', { exact: true }).waitFor();
  expect([streams().length, sidebar.server().streams()]).toEqual([0, 1]);
});

test('a lost connection is told, and resumed where it was', async () => {
  sidebar.server().answerWith(() => ok(requests(1)));
  const page = await sidebar.open();
  await page.getByText(shown(1)).waitFor();
  sidebar.server().cutStreams();
  await page.getByText('Connection lost, trying again.').waitFor();
  expect(await page.getByText(shown(1)).count()).toBe(1);

  await page.getByText('Live', { exact: true }).waitFor();
  expect(streams().map(({ lastEventId }) => lastEventId)).toEqual([undefined, expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect(streams().at(-1)?.token).toBe(userToken);
});

test('the viewer need not wait for the next attempt', async () => {
  sidebar.server().answerWith(() => ok(requests(1)));
  const page = await sidebar.open();
  await page.getByText(shown(1)).waitFor();
  await page.clock.install();
  sidebar.server().cutStreams();
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
});

describe('a stream that ends', () => {
  it.each([
    ['storage_unavailable', 'The database cannot be reached at the moment.'],
    ['too_many_requests', 'This page is open too often in this workspace.'],
    ['internal_error', 'Something went wrong on our side.'],
  ])('with %s keeps the figures, says why, and is opened again', async (code, sentence) => {
    sidebar.server().answerWith(() => ok(requests(1)));
    const page = await sidebar.open();
    await page.getByText(shown(1)).waitFor();
    sidebar.server().answerWith(() => refused(503, code));
    await page.getByText(sentence).waitFor();
    expect(await page.getByText(shown(1)).count()).toBe(1);

    sidebar.server().answerWith(() => ok(requests(2)));
    await page.getByText(shown(2)).waitFor();
  });

  it.each([
    ['invalid_token', 'Your session has expired'],
    ['installation_inactive', 'API Studio is switched off'],
    ['forbidden', 'You cannot use API Studio here'],
  ])('with %s gives way to "%s"', async (code, title) => {
    sidebar.server().answerWith(() => ok(requests(1)));
    const page = await sidebar.open();
    await page.getByText(shown(1)).waitFor();
    sidebar.server().answerWith(() => refused(403, code));
    await page.getByRole('heading', { name: title }).waitFor();
    expect(await page.getByText(shown(1)).count()).toBe(0);
  });
});

test('a page that nobody looks at holds no connection', async () => {
  sidebar.server().answerWith(() => ok(requests(1)));
  const page = await sidebar.open();
  await page.getByText(shown(1)).waitFor();
  const look = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);

  const gone = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/events'));
  await look(true);
  await gone;
  sidebar.server().answerWith(() => ok(requests(2)));
  await look(false);
  await page.getByText(shown(2)).waitFor();
});

test('a server that cannot be reached at first is asked again', async () => {
  sidebar.server().answerWith(() => refused(503, 'storage_unavailable'));
  const page = await sidebar.open();
  await page.getByRole('heading', { name: 'The status could not be loaded' }).waitFor();
  sidebar.server().answerWith(() => ok(requests(1)));
  await page.getByText(shown(1)).waitFor();
});
