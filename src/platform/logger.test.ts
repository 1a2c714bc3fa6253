import { expect, test } from '@jest/globals';
import { createLogger } from './logger.ts';
import { Secret } from './secret.ts';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGRvbiJ9.c2lnbmF0dXJl';

function capture(write: (log: ReturnType<typeof createLogger>) => void, level = 'info'): string {
  let output = '';
  write(createLogger(level, { write: (line) => void (output += line) }));
  return output;
}

test('a line is one JSON object with level, time and message', () => {
  const line = capture((log) => log.info({ status: 200 }, 'request_completed'));
  expect(JSON.parse(line)).toEqual({
    level: 'info',
    time: expect.stringMatching(/Z$/),
    status: 200,
    msg: 'request_completed',
  });
});

test('lines below the level are not written', () => {
  expect(capture((log) => log.info('quiet'), 'warn')).toBe('');
});

test('line breaks, ANSI codes and JSON in a value cannot forge a second line', () => {
  const output = capture((log) => log.info({ path: '/a\r\n{"level":"error"}\u001B[2J' }, 'request_received'));
  expect(output.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(output)).toMatchObject({ level: 'info' });
});

test('long values are cut', () => {
  expect(JSON.parse(capture((log) => log.info({ path: 'x'.repeat(10_000) }, 'm'))).path).toHaveLength(513);
});

test.each<[string, (log: ReturnType<typeof createLogger>) => void]>([
  ['a field', (log) => log.info({ token: jwt }, 'm')],
  ['a nested field', (log) => log.info({ a: { b: { c: [jwt] } } }, 'm')],
  ['the message', (log) => log.info(`got ${jwt}`)],
  ['an error', (log) => log.error({ err: new Error(`bad ${jwt}`) }, 'm')],
  ['a URL', (log) => log.info({ url: `https://x/ui?auth_token=${jwt}` }, 'm')],
  ['a header', (log) => log.info({ request: { headers: { 'x-addon-token': jwt } } }, 'm')],
  ['a string body', (log) => log.info({ body: JSON.stringify({ authToken: jwt }) }, 'm')],
  ['a child logger', (log) => log.child({ session: jwt }).info('m')],
])('a JWT in %s is cut from the line', (_, write) => {
  const output = capture(write);
  expect(output).not.toContain('eyJ');
  expect(output).not.toContain('c2lnbmF0dXJl');
  expect(() => JSON.parse(output)).not.toThrow();
});

test('opaque secrets are cut by their name, by their type and by their place in a URL', () => {
  const output = capture((log) =>
    log.info(
      {
        headers: { 'x-api-key': 'hunter2' },
        request: { headers: { 'x-api-key': 'hunter2' } },
        apiKey: 'hunter2',
        password: 'hunter2',
        a: { authToken: 'hunter2' },
        s: new Secret('hunter2'),
        u: 'postgres://me:hunter2@db/x',
      },
      'm',
    ),
  );
  expect(output).not.toContain('hunter2');
});

test.each<[string, object]>([
  ['below other members', { a: { b: { c: { password: 'hunter2' } } } }],
  ['in a list', { items: [{ secret: 'hunter2' }] }],
  ['in another letter case', { Headers: { 'X-Addon-Token': 'hunter2' }, PASSWORD: 'hunter2' }],
  ['of an error', { err: Object.assign(new Error('refused'), { request: { apiKey: 'hunter2' } }) }],
  ['of an error under another name', { fault: Object.assign(new Error('refused'), { token: 'hunter2' }) }],
  ['that is no text', { secret: { value: 'hunter2' } }],
])('a member named like a secret is masked %s', (_, fields) => {
  const output = capture((log) => log.error(fields, 'm')) + capture((log) => log.child(fields).error('m'));
  expect(output).not.toContain('hunter2');
  expect(output.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(2);
});

test('an error keeps its type, its message, its stack and what it carries', () => {
  const error = Object.assign(new TypeError('wrong', { cause: new Error('because') }), { code: '23505' });
  const { err } = JSON.parse(capture((log) => log.error({ err: error }, 'm')));
  expect(err).toMatchObject({ type: 'TypeError', message: 'wrong: because', code: '23505' });
  expect(err.stack).toContain('logger.test.ts');
});

test('what points back at itself ends', () => {
  const circle: Record<string, unknown> = { name: 'round' };
  circle['self'] = circle;
  expect(JSON.parse(capture((log) => log.info({ circle }, 'm')))).toMatchObject({
    circle: { self: { name: 'round' } },
  });
});
