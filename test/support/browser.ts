import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { unpackChromium } from './packaged-chromium.ts';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless Chromium: `CHROME_PATH`, an installed one, or the one that npm brought. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const found = [process.env['CHROME_PATH'], ...installed].find((path) => path !== undefined && existsSync(path));
  return chromium.launch({ executablePath: found ?? (await unpackChromium()), args });
}
