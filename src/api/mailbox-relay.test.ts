import { expect, test } from '@jest/globals';
import type { InstallationRef } from '../domain/contract.ts';
import { createLogger } from '../platform/logger.ts';
import { createMailboxRelay } from './mailbox-relay.ts';

const first = { workspaceId: 'w1', addonId: 'a' };
const second = { workspaceId: 'w2', addonId: 'a' };

/** A relay over claims from a list; tells what it did. */
function startRelay(claims: (readonly InstallationRef[] | Error)[], refused: readonly InstallationRef[] = []) {
  const done: string[] = [];
  const lines: string[] = [];
  const idle = Promise.withResolvers<void>();
  const relay = createMailboxRelay({
    async claim() {
      const claim = claims.shift();
      if (claim === undefined) idle.resolve();
      if (claim instanceof Error) throw claim;
      return claim ?? [];
    },
    async wake(ref) {
      if (refused.includes(ref)) throw new Error('away');
      done.push(`woken ${ref.workspaceId}`);
    },
    release: async ({ workspaceId }) => void done.push(`released ${workspaceId}`),
    log: createLogger('info', { write: (line) => void lines.push(line) }),
    pollMs: 1,
  });
  relay.start();
  return { relay, done, lines, idle: idle.promise };
}

test('every mailbox that was taken is woken', async () => {
  const { relay, done, idle } = startRelay([[first, second], [first]]);
  await idle;
  await relay.stop();
  expect(done).toEqual(['woken w1', 'woken w2', 'woken w1']);
});

test('one that cannot be woken is given back, and keeps no other from being woken', async () => {
  const { relay, done, lines, idle } = startRelay([[first, second]], [first]);
  await idle;
  await relay.stop();
  expect(done.toSorted()).toEqual(['released w1', 'woken w2']);
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { msg: 'mailbox not woken', workspaceId: 'w1', err: { message: 'away' } },
  ]);
});

test('a database that is away does not end it', async () => {
  const { relay, done, lines, idle } = startRelay([new Error('ECONNREFUSED'), [second]]);
  await idle;
  await relay.stop();
  expect(done).toEqual(['woken w2']);
  expect(lines.join('')).toMatch(/mailboxes not reachable/);
});
