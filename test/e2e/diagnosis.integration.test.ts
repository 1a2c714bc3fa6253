import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Diagnosis } from '../../src/domain/diagnosis.ts';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { callAsOwner, waitForDiagnosis } from '../support/run.ts';

let addon: Addon;
const workspaceId = 'c00000000000000000000011';

beforeAll(async () => {
  addon = await startAddon({ workers: 1, env: { AUTO_BOOTSTRAP_ON_INSTALL: 'false', READ_ONLY: 'true' } });
  const { simulator, baseUrl } = addon;
  await simulator.install(`${baseUrl}/manifest`, { profile: 'XS', plan: 'ENTERPRISE', workspaceId });
}, 120_000);

afterAll(() => addon.stop(), 60_000);

const statesOf = ({ checks }: Diagnosis) => Object.fromEntries(checks.map(({ check, state }) => [check, state]));
const allOk = {
  token: 'ok',
  host: 'ok',
  scopes: 'ok',
  plan: 'ok',
  features: 'ok',
  limits: 'ok',
  webhooks: 'ok',
  clock: 'ok',
};

it('finds nothing wrong with an install of the variant that only reads', async () => {
  expect(statesOf(await waitForDiagnosis(addon, workspaceId))).toEqual(allOk);
}, 90_000);

it('is run by an admin, and shows him what changed since', async () => {
  addon.simulator.addFault(workspaceId, { kind: 'scope-missing', operationId: 'getTags' });
  const answer = await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/diagnosis`, {});
  const { diagnosis } = (await answer.json()) as { diagnosis: Diagnosis };
  expect(answer.status).toBe(200);
  expect(statesOf(diagnosis)).toEqual({ ...allOk, scopes: 'failed' });
  expect(await waitForDiagnosis(addon, workspaceId)).toEqual(diagnosis);
}, 60_000);
