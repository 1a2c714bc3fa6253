import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSimulator } from '../simulator.ts';
import { startReceivingAddon } from '../test-support/receiving-addon.ts';

let root: string;
let stateFile: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'simulator-'));
  stateFile = join(root, 'state.json');
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('a simulator that starts again is the same Clockify: key, rows, installations and tokens', async () => {
  const addon = await startReceivingAddon();
  const first = await createSimulator({ stateFile, profile: 'XS' });
  const { workspaceId, installationToken } = await first.install(addon.manifestUrl);
  const truth = first.truth(workspaceId);
  await first.close();

  const second = await createSimulator({ stateFile, now: () => Date.now() + 60_000 });
  try {
    expect(second.publicKeyPem).toBe(first.publicKeyPem);
    expect(second.truth(workspaceId)).toEqual(truth);
    const answer = await fetch(`${second.url}/api/v1/workspaces/${workspaceId}/tags`, {
      headers: { 'x-addon-token': installationToken },
    });
    expect(answer.status).toBe(200);
    await expect(second.install(addon.manifestUrl, { workspaceId })).rejects.toThrow('already installed');
  } finally {
    await second.close();
    await addon.close();
  }
});

test('the file with the key is for its owner alone', async () => {
  await (await createSimulator({ stateFile })).close();
  expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
});

test('without a file every start is another Clockify', async () => {
  const [one, other] = await Promise.all([createSimulator(), createSimulator()]);
  expect(one.publicKeyPem).not.toBe(other.publicKeyPem);
  await Promise.all([one.close(), other.close()]);
});
