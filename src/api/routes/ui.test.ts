import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Middleware } from 'koa';
import { startKoaApp } from '../../../test/support/koa-app.ts';
import type { KoaApp } from '../../../test/support/koa-app.ts';
import { securityHeaders } from '../middleware/security-headers.ts';
import { uiRoutes } from './ui.ts';

let directory: string;
let app: KoaApp;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ui-'));
  const uiDirectory = join(directory, 'ui');
  await mkdir(join(uiDirectory, 'assets'), { recursive: true });
  await Promise.all([
    writeFile(join(uiDirectory, 'index.html'), '<!doctype html><title>API Studio</title>'),
    writeFile(join(uiDirectory, 'assets/index-abc.js'), 'export {};'),
    writeFile(join(directory, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    writeFile(join(directory, 'secret.txt'), 'secret'),
  ]);
  const routes = uiRoutes({ uiDirectory, icon: { path: '/ui/icon.svg', file: join(directory, 'icon.svg') } }).routes();
  app = await startKoaApp(securityHeaders(), routes as unknown as Middleware);
});
afterAll(async () => {
  await app.stop();
  await rm(directory, { recursive: true });
});

test('the document is served at /ui, with a token in the query or without, and is never kept', async () => {
  for (const path of ['/ui', '/ui?auth_token=x']) {
    const answer = await app.send(path);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    expect(answer.text).toContain('API Studio');
  }
});

test('an asset may be kept for ever, because its name changes with its content', async () => {
  const { status, headers } = await app.send('/ui/assets/index-abc.js');
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/javascript/);
  expect(headers['cache-control']).toContain('immutable');
});

test('the icon is a picture', async () => {
  expect((await app.send('/ui/icon.svg')).headers['content-type']).toBe('image/svg+xml');
});

test.each([
  '/ui/assets/absent.js',
  '/ui/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
  '/ui/assets/..%5c..%5csecret.txt',
  '/ui/assets/..%2f..%2fsecret.txt',
  '/ui/assets/%00',
  '/ui/assets/.hidden',
  '/ui/assets/',
  '/ui/index.html',
  '/ui/%2e%2e/secret.txt',
])('%s is not found, and that answer is not kept', async (path) => {
  const answer = await app.send(path);
  expect(answer.status).toBe(404);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toMatchObject({ error: 'not_found' });
});
