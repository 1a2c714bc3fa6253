import { expect, test } from '@jest/globals';
import { createLogger } from './logger.ts';
import { createShutdown } from './shutdown.ts';

const silent = createLogger('silent');

test('closes in reverse, one after the other', async () => {
  const shutdown = createShutdown(silent);
  const order: string[] = [];
  shutdown.add('database', async () => void order.push('database'));
  shutdown.add('server', async () => {
    await new Promise(setImmediate);
    order.push('server');
  });
  await shutdown.run();
  expect(order).toEqual(['server', 'database']);
});

test('closes once, however often it is asked', async () => {
  const shutdown = createShutdown(silent);
  let closed = 0;
  shutdown.add('server', () => void (closed += 1));
  await Promise.all([shutdown.run(), shutdown.run()]);
  expect(closed).toBe(1);
});

test('a part that fails to close does not keep the others open', async () => {
  let output = '';
  const shutdown = createShutdown(createLogger('info', { write: (line) => void (output += line) }));
  let closed = false;
  shutdown.add('database', () => void (closed = true));
  shutdown.add('server', () => Promise.reject(new Error('stuck')));
  await shutdown.run();
  expect(closed).toBe(true);
  expect(output).toContain('"part":"server"');
});

test('a signal starts it', async () => {
  const shutdown = createShutdown(silent);
  const closed = new Promise<void>((resolve) => shutdown.add('server', resolve));
  shutdown.listen();
  process.emit('SIGTERM');
  await expect(closed).resolves.toBeUndefined();
});
