import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddonError } from '../domain/errors.ts';
import { createLogger } from '../platform/logger.ts';
import { createSpool } from '../platform/spool.ts';
import { createTokenSeal } from '../platform/token-seal.ts';
import type { LifecycleCall } from './lifecycle-call.ts';
import { createLifecycleIntake } from './lifecycle-intake.ts';

const seal = createTokenSeal([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
const call = (requestId: string): LifecycleCall => ({ event: 'deleted', requestId, workspaceId: 'w', addonId: 'a' });

let directory: string;
let isAway: boolean;
let applied: string[];
let stored: number;
let refuse: (call: LifecycleCall) => unknown;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'intake-'));
  isAway = false;
  applied = [];
  stored = 0;
  refuse = () => undefined;
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const createIntake = (spoolDirectory = directory, patienceMs = 3_000) => {
  const answer = async (): Promise<void> => {
    if (isAway) throw new Error('connect ECONNREFUSED');
  };
  return createLifecycleIntake({
    apply: async (given) => {
      await answer();
      const refusal = refuse(given);
      if (refusal !== undefined) throw refusal;
      applied.push(given.requestId);
    },
    ping: answer,
    spool: createSpool(spoolDirectory, seal),
    log: createLogger('silent'),
    onStored: () => void (stored += 1),
    patienceMs,
  });
};
const spooled = async () => (await readdir(directory)).filter((name) => name.endsWith('.sealed'));

test('a call is stored at once while the database is there', async () => {
  await createIntake().submit(call('1'));
  expect(applied).toEqual(['1']);
  expect(stored).toBe(1);
  expect(await spooled()).toEqual([]);
});

test('while the database is away calls wait in the spool, and are stored in their order by the next process', async () => {
  isAway = true;
  const intake = createIntake();
  for (const id of ['1', '2', '3']) await intake.submit(call(id));
  expect(await spooled()).toHaveLength(3);
  expect(await intake.drain()).toBe(false);
  expect(stored).toBe(0);

  isAway = false;
  expect(await createIntake().drain()).toBe(true);
  expect(applied).toEqual(['1', '2', '3']);
  expect(await spooled()).toEqual([]);
  expect(stored).toBe(1);
});

test('a call that comes after an outage does not overtake those that wait', async () => {
  isAway = true;
  const intake = createIntake();
  await intake.submit(call('1'));
  isAway = false;
  await intake.submit(call('2'));
  expect(applied).toEqual(['1', '2']);
});

test('a database that does not answer counts as away', async () => {
  const intake = createIntake(directory, 10);
  refuse = () => undefined;
  const hanging = createLifecycleIntake({
    apply: () => new Promise(() => {}),
    ping: () => Promise.resolve(),
    spool: createSpool(directory, seal),
    log: createLogger('silent'),
    onStored: () => {},
    patienceMs: 10,
  });
  await hanging.submit(call('1'));
  expect(await spooled()).toHaveLength(1);
  expect(await intake.drain()).toBe(true);
  expect(applied).toEqual(['1']);
});

test('a refusal goes back to the caller and is not spooled', async () => {
  refuse = () => new AddonError('conflict', 'No.');
  await expect(createIntake().submit(call('1'))).rejects.toMatchObject({ code: 'conflict' });
  expect(await spooled()).toEqual([]);
});

test('a spooled call that is refused later is dropped, and the next one is stored', async () => {
  isAway = true;
  const intake = createIntake();
  await intake.submit(call('1'));
  await intake.submit(call('2'));
  isAway = false;
  refuse = ({ requestId }) => (requestId === '1' ? new AddonError('not_found', 'No.') : undefined);
  expect(await intake.drain()).toBe(true);
  expect(applied).toEqual(['2']);
  expect(await spooled()).toEqual([]);
});

test('a spooled call that cannot be stored or opened is set aside, and the next one is stored', async () => {
  isAway = true;
  const intake = createIntake();
  for (const id of ['1', '2', '3']) await intake.submit(call(id));
  const [first] = (await spooled()).sort();
  await writeFile(join(directory, String(first)), 'damaged');
  isAway = false;
  refuse = ({ requestId }) => (requestId === '2' ? new Error('a bug') : undefined);
  expect(await intake.drain()).toBe(true);
  expect(applied).toEqual(['3']);
  expect((await readdir(directory)).filter((name) => name.endsWith('.damaged'))).toHaveLength(2);
});

test('a spooled call that fails for a passing reason waits on, though the database answers again by then', async () => {
  isAway = true;
  const intake = createIntake();
  for (const id of ['1', '2']) await intake.submit(call(id));
  isAway = false;
  refuse = () => new Error('Connection terminated due to connection timeout');
  expect(await intake.drain()).toBe(false);
  expect(await spooled()).toHaveLength(2);
  refuse = () => undefined;
  expect(await intake.drain()).toBe(true);
  expect(applied).toEqual(['1', '2']);
});

test('many drains at once store each call once', async () => {
  isAway = true;
  const intake = createIntake();
  await intake.submit(call('1'));
  isAway = false;
  await Promise.all([intake.drain(), intake.drain(), intake.submit(call('2'))]);
  expect(applied).toEqual(['1', '2']);
});

test('when neither place can keep the call the caller is told to repeat it', async () => {
  isAway = true;
  await writeFile(join(directory, 'file'), '');
  await expect(createIntake(join(directory, 'file')).submit(call('1'))).rejects.toMatchObject({
    code: 'storage_unavailable',
  });
});
