import { expect, test } from '@jest/globals';
import { createSupervisor } from './supervisor.ts';
import type { Launch } from './supervisor.ts';

interface FakePart {
  readonly launch: Launch;
  readonly launches: () => number;
  readonly end: (how: number) => void;
}

function createPart(name: string, events: string[] = []): FakePart {
  let launches = 0;
  let end = (_how: number): void => {};
  return {
    launches: () => launches,
    end: (how) => end(how),
    launch: async () => {
      launches += 1;
      const { promise: exited, resolve } = Promise.withResolvers<number>();
      end = resolve;
      events.push(`start ${name}`);
      return {
        exited,
        async stop() {
          events.push(`stop ${name}`);
          resolve(0);
        },
      };
    },
  };
}

function createFixture() {
  let time = 0;
  const lines: string[] = [];
  const supervisor = createSupervisor(
    (line) => lines.push(line),
    () => time,
  );
  return { supervisor, lines, pass: (ms: number): void => void (time += ms) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the latest started stops first', async () => {
  const { supervisor } = createFixture();
  const events: string[] = [];
  await supervisor.startTogether({ database: createPart('database', events).launch });
  await supervisor.startTogether({ api: createPart('api', events).launch });
  await supervisor.stopAll();
  expect(events).toEqual(['start database', 'start api', 'stop api', 'stop database']);
});

test('a part that ends by itself is started again, and that is told', async () => {
  const { supervisor, lines, pass } = createFixture();
  const part = createPart('worker');
  await supervisor.startTogether({ 'worker-1': part.launch });
  pass(10_000);
  part.end(137);
  await settled();
  expect(part.launches()).toBe(2);
  expect(lines).toEqual(['worker-1 ended (137), starting it again']);
});

test('a part that ends at once is a failure', async () => {
  const { supervisor } = createFixture();
  const part = createPart('api');
  await supervisor.startTogether({ api: part.launch });
  part.end(1);
  await expect(supervisor.failed).rejects.toThrow('api ended at once (1)');
  expect(part.launches()).toBe(1);
});

test('a part that cannot be started again is a failure', async () => {
  const { supervisor, pass } = createFixture();
  const part = createPart('api');
  let refuse = false;
  const launch: Launch = () => (refuse ? Promise.reject(new Error('port taken')) : part.launch());
  await supervisor.startTogether({ api: launch });
  refuse = true;
  pass(10_000);
  part.end(1);
  await expect(supervisor.failed).rejects.toThrow('port taken');
});

test('a part that was stopped is not started again', async () => {
  const { supervisor, lines, pass } = createFixture();
  const part = createPart('api');
  await supervisor.startTogether({ api: part.launch });
  pass(10_000);
  await supervisor.stopAll();
  await settled();
  expect(part.launches()).toBe(1);
  expect(lines).toEqual([]);
});

test('a part whose start ends after the stop is stopped too', async () => {
  const { supervisor } = createFixture();
  const events: string[] = [];
  const gate = Promise.withResolvers<void>();
  const part = createPart('api', events);
  const starting = supervisor.startTogether({ api: () => gate.promise.then(part.launch) });
  await supervisor.stopAll();
  gate.resolve();
  await starting;
  expect(events).toEqual(['start api', 'stop api']);
});
