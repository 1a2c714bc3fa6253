import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSimulator } from '../../simulator/simulator.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { startReceivingAddon } from '../../simulator/test-support/receiving-addon.ts';
import { createSimulatorClient } from './simulator-client.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await createSimulator({ profile: 'XS' });
});
afterEach(() => simulator.close());

test('an add-on is installed, and its workspace seen from outside', async () => {
  const addon = await startReceivingAddon();
  try {
    const client = createSimulatorClient(simulator.url);
    expect(await client.publicKey()).toBe(simulator.publicKeyPem);

    const installation = await client.install(addon.manifestUrl);
    expect(addon.received).toHaveLength(1);
    expect(addon.received[0]?.body).toMatchObject({ ...installation });

    const { token, sidebarUrl } = await client.openSidebar(installation);
    expect(token.split('.')).toHaveLength(3);
    expect(sidebarUrl === null || sidebarUrl.endsWith(token)).toBe(true);

    const minted = await client.mintUserToken(installation, { sub: 'another-addon' });
    expect(JSON.parse(Buffer.from(minted.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      sub: 'another-addon',
      workspaceId: installation.workspaceId,
    });

    const truth = await client.truth(installation.workspaceId);
    expect(truth.get('tags')).toEqual(simulator.truth(installation.workspaceId).tags);
    expect(await client.ledger(installation.workspaceId)).toMatchObject({ requests: 0, repeated: [] });
  } finally {
    await addon.close();
  }
});

test('the hourly limit of the plan can be lifted, and the one a second stays', async () => {
  const addon = await startReceivingAddon();
  try {
    const client = createSimulatorClient(simulator.url);
    const { workspaceId } = await client.install(addon.manifestUrl);
    await client.liftHourlyLimit(workspaceId);
    expect(simulator.setLimits(workspaceId, {})).toMatchObject({ perHour: null, perSecond: 50 });
  } finally {
    await addon.close();
  }
});

test('an installation that the add-on refuses is reported with its answer', async () => {
  const addon = await startReceivingAddon({}, 401);
  try {
    const installing = createSimulatorClient(simulator.url).install(addon.manifestUrl);
    await expect(installing).rejects.toThrow('answered its installation with 401');
  } finally {
    await addon.close();
  }
});

test('a refusal of the simulator is told in its own words', async () => {
  const server = createServer((_request, response) => response.writeHead(500).end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const noManifest = `http://127.0.0.1:${(server.address() as AddressInfo).port}/manifest`;
    const installing = createSimulatorClient(simulator.url).install(noManifest);
    await expect(installing).rejects.toThrow('The simulator refused POST workspaces/install');
  } finally {
    server.close();
  }
});
