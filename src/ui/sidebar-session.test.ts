import { describe, expect, it } from '@jest/globals';
import type { Frame, Page } from 'playwright-core';
import { buildStatus } from '../../test/support/bootstrap-status.ts';
import { buildUserToken, ok, refused, userToken, useSidebar } from '../../test/support/sidebar-page.ts';

const sidebar = useSidebar();

const running = buildStatus([]);

describe('the token', () => {
  it('leaves the address bar, and travels as a header alone', async () => {
    sidebar.server().answerWith(() => ok(running));
    const page = await sidebar.open();
    await page.getByRole('heading', { name: 'Copying' }).waitFor();

    expect(page.url()).toBe(`${sidebar.server().origin}/ui`);
    expect(sidebar.server().seen[0]).toEqual({
      method: 'GET',
      path: '/bootstrap/w1/events',
      token: userToken,
      lastEventId: undefined,
      body: null,
    });
  });

  it('is written to no storage and no cookie', async () => {
    sidebar.server().answerWith(() => ok(running));
    const page = await sidebar.open();
    await page.getByRole('heading', { name: 'Copying' }).waitFor();

    expect(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]')).toEqual([0, 0, '']);
    expect(await page.evaluate('indexedDB.databases()')).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);
  });

  it.each(['', 'no-token', 'e30.e30.signature'])('that is %j leads nowhere', async (token) => {
    sidebar.server().answerWith(() => ok(running));
    const page = await sidebar.open(token);
    await page.getByRole('heading', { name: 'Open API Studio from Clockify' }).waitFor();
    expect(sidebar.server().seen).toEqual([]);
  });
});

describe('a new token', () => {
  const clockify = 'https://app.clockify.me';
  const studio = 'https://studio.example';
  const renewed = buildUserToken({ language: 'DE' });

  /** Opens the page in a frame of another page, which keeps what it is told in `told`. */
  async function openFramed(origin: string): Promise<{ page: Page; frame: Frame }> {
    const page = await sidebar.blank();
    await servePublicly(page);
    const body = `<!doctype html>
      <script>window.told = []; addEventListener('message', ({ data }) => told.push(data))</script>
      <iframe src="${studio}/ui?auth_token=${userToken}"></iframe><iframe name="sibling" src="/sibling"></iframe>`;
    await page.route(`${origin}/`, (route) => route.fulfill({ contentType: 'text/html', body }));
    await page.route(`${origin}/sibling`, (route) => route.fulfill({ contentType: 'text/html', body: 'sibling' }));
    await page.clock.install();
    await page.goto(`${origin}/`);
    const frame = page.frames().find((candidate) => candidate.url().startsWith(studio));
    if (frame === undefined) throw new Error('The page has no frame.');
    await frame.getByRole('heading').first().waitFor();
    return { page, frame };
  }

  /** Chromium keeps loopback pages out of the frames of public ones, so the page gets a public name. */
  async function servePublicly(page: Page): Promise<void> {
    await page.route(`${studio}/**`, async (route) => {
      const url = route.request().url().replace(studio, sidebar.server().origin);
      // The route passes on what is whole, so each stream ends with its first status.
      const response = await route.fetch({ url: url.endsWith('/events') ? `${url}?once` : url });
      await route.fulfill({ response });
    });
  }

  /** Lets the parent say something to the frame. */
  async function tell(page: Page, message: unknown): Promise<void> {
    await page.evaluate(`frames[0].postMessage(${JSON.stringify(message)}, '*')`);
  }

  /** The token with which the page comes back when it has lost the stream. */
  async function nextToken(page: Page, frame: Frame): Promise<string | undefined> {
    await frame.getByText('Connection lost').waitFor();
    const reading = page.waitForRequest(/events$/);
    await page.clock.runFor(20_000);
    return (await reading).headers()['x-addon-token'];
  }

  it('is asked for after 25 minutes, and used from then on', async () => {
    sidebar.server().answerWith(() => ok(running));
    const { page } = await openFramed(clockify);
    await page.clock.fastForward('25:00');
    await page.waitForFunction('told.length > 0');
    expect(await page.evaluate('told')).toEqual(['{"action":"refreshAddonToken"}']);

    const reading = page.waitForRequest((request) => request.headers()['x-addon-token'] === renewed);
    await tell(page, { title: 'refreshAddonToken', body: renewed });
    expect((await reading).url()).toMatch(/events$/);
  });

  it('brings an expired session back', async () => {
    sidebar.server().answerWith(({ token }) => (token === renewed ? ok(running) : refused(401, 'invalid_token')));
    const { page, frame } = await openFramed(clockify);
    await frame.getByRole('button', { name: 'Renew session' }).click();
    await page.waitForFunction('told.length > 0');
    await tell(page, JSON.stringify({ title: 'refreshAddonToken', body: renewed }));
    await frame.getByRole('heading', { name: 'Copying' }).waitFor();
  });

  it.each([
    ['of another workspace', { title: 'refreshAddonToken', body: buildUserToken({ workspaceId: 'w2' }) }],
    ['that is no token', { title: 'refreshAddonToken', body: 'token' }],
    ['under another title', { title: 'URL_CHANGED', body: renewed }],
    ['in text that is no JSON', `refreshAddonToken ${renewed}`],
  ])('%s is ignored', async (_case, message) => {
    sidebar.server().answerWith(() => ok(running));
    const { page, frame } = await openFramed(clockify);
    await tell(page, message);
    expect(await nextToken(page, frame)).toBe(userToken);
  });

  it('from another window than the parent is ignored', async () => {
    sidebar.server().answerWith(() => ok(running));
    const { page, frame } = await openFramed(clockify);
    const sibling = page.frame({ name: 'sibling' });
    await sibling?.evaluate(`parent.frames[0].postMessage({ title: 'refreshAddonToken', body: '${renewed}' }, '*')`);
    expect(await nextToken(page, frame)).toBe(userToken);
  });

  it('is neither asked of nor taken from a parent that is not Clockify', async () => {
    sidebar.server().answerWith(() => ok(running));
    const { page, frame } = await openFramed('https://app.clockify.me.evil.example');
    await tell(page, { title: 'refreshAddonToken', body: renewed });
    await page.clock.fastForward('25:00');
    expect(await nextToken(page, frame)).toBe(userToken);
    expect(await page.evaluate('told')).toEqual([]);
  });

  it('cannot be had outside of Clockify, which the page says', async () => {
    sidebar.server().answerWith(() => refused(401, 'invalid_token'));
    const page = await sidebar.open();
    await page.getByRole('button', { name: 'Renew session' }).click();
    await page.getByText('open API Studio from Clockify’s sidebar').waitFor();
  });
});
