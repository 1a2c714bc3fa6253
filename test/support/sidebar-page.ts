import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { BootstrapStatus } from '../../src/domain/bootstrap-status.ts';
import { launchBrowser } from './browser.ts';
import { type Answer, type SidebarServer, startSidebarServer } from './sidebar-server.ts';

/** A user token as far as the page reads it: nobody checks the signature there. */
export function buildUserToken(claims: Record<string, unknown> = {}): string {
  const payload = { workspaceId: 'w1', theme: 'DEFAULT', language: 'EN', workspaceRole: 'OWNER', ...claims };
  return `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.signature`;
}

export const userToken = buildUserToken();

/**
 * The built page in a real browser, for the tests of one file. A dialog, an error of a script, or something that the page's
 * policy refuses fails the test in which it happens.
 */
export function useSidebar() {
  let browser: Browser;
  let server: SidebarServer;
  let complaints: string[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([startSidebarServer(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  beforeEach(() => {
    complaints = [];
  });

  afterEach(async () => {
    for (const context of browser.contexts()) {
      for (const page of context.pages()) await page.unrouteAll({ behavior: 'wait' });
      await context.close();
    }
    expect(complaints).toEqual([]);
  });

  return {
    server: () => server,

    /** Opens the page as Clockify does. */
    async open(token = userToken, options: BrowserContextOptions = {}): Promise<Page> {
      const page = await newPage(await browser.newContext(options));
      await page.goto(`${server.origin}/ui?auth_token=${token}`);
      return page;
    },

    /** Opens the page at one of its parts. */
    async openSection(section: string): Promise<Page> {
      const page = await this.open();
      await page.getByRole('navigation').getByRole('button', { name: section }).click();
      return page;
    },

    /** An empty page that is watched like the others. */
    async blank(): Promise<Page> {
      return newPage(await browser.newContext());
    },
  };

  async function newPage(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) complaints.push(message.text());
    });
    return page;
  }
}

export function ok(status: BootstrapStatus): Answer {
  return { status: 200, body: status };
}

/** A refusal as the API words it. */
export function refused(status: number, error: string): Answer {
  const body = { error, detail: 'Detail for developers.', timestamp: '2026-11-21T10:00:00Z', requestId: 'req-81f2' };
  return { status, body };
}
