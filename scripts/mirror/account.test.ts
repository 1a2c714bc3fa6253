import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createSimulator } from '../../simulator/simulator.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { Secret } from '../../src/platform/secret.ts';
import { readAccount } from './account.ts';
import { hostsOfOrigin } from './regions.ts';

let simulator: Simulator;
let apiKey: string;
beforeAll(async () => {
  simulator = await createSimulator();
});
afterAll(() => simulator.close());

const read = (key: string, origin = simulator.url) => readAccount(hostsOfOrigin(origin), new Secret(key));

test('tells whose key it is and which workspaces it opens, by two requests', async () => {
  const first = simulator.open({ profile: 'XS', seed: 1, plan: 'PRO' });
  const second = simulator.open({ profile: 'XS', seed: 2 });
  ({ apiKey } = simulator.issueApiKey(first.workspaceId));
  simulator.issueApiKey(second.workspaceId, { apiKey });

  expect(await read(apiKey)).toEqual({
    userId: first.ownerId,
    workspaces: [first, second].map(({ workspaceId }) => ({ id: workspaceId, name: 'Simulated XS' })),
  });
  expect(simulator.requests().map(({ operationId, tokenKind }) => [operationId, tokenKind])).toEqual([
    ['getLoggedUser', 'personal'],
    ['getWorkspacesOfUser', 'personal'],
  ]);
});

test('a key that nobody has is refused with what to check', async () => {
  await expect(read('unknown')).rejects.toThrow(/does not know this API key. Check CLOCKIFY_API_KEY, and --region.$/);
});

test('a workspace without any request left says how long it may take', async () => {
  const { workspaceId } = simulator.open({ profile: 'XS', seed: 3, plan: 'FREE' });
  simulator.setLimits(workspaceId, { perHour: 1 });
  await expect(read(simulator.issueApiKey(workspaceId).apiKey)).rejects.toThrow('it may be an hour');
});

test.each<[string, string]>([
  ['{"id":"me"}', 'does not answer as Clockify does'],
  ['<html>', 'Clockify answered with something that is not JSON'],
])('a host that answers %s is none of Clockify', async (body, sentence) => {
  const server = createServer((_, response) => response.end(body));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    await expect(read('key', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)).rejects.toThrow(sentence);
  } finally {
    server.close();
  }
});
