import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openTestMirror } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { countCallsOfCopy } from '../../test/support/workspace-calls.ts';
import type { Fault } from '../../simulator/faults/types.ts';
import type { InstallOptions, InstallResult } from '../../simulator/platform/requests.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { startReceivingAddon } from '../../simulator/test-support/receiving-addon.ts';
import type { ReceivingAddon } from '../../simulator/test-support/receiving-addon.ts';
import { createClockifyClient } from '../clockify/client.ts';
import { applyInstalled } from '../db/lifecycle.ts';
import { bootstrapOptionsSchema } from '../domain/bootstrap-options.ts';
import { parseCatalogue } from '../domain/catalogue.ts';
import { buildTokenContext } from '../domain/contract.ts';
import type { CostEstimate, EntityCost } from '../domain/cost-estimate.ts';
import type { EntityType } from '../domain/entities.ts';
import { createTokenSeal } from '../platform/token-seal.ts';
import { createGateway } from './clockify-gateway.ts';
import { createCostEstimate } from './cost-estimate.ts';
import type { CostEstimateDeps, EstimateCost } from './cost-estimate.ts';
import { createInstallationAccess } from './installation-access.ts';

const openapi: unknown = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
const seal = createTokenSeal([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);

let simulator: Simulator;
let addon: ReceivingAddon;
let mirror: TestMirror;
let client: ReturnType<typeof createClockifyClient>;
let deps: CostEstimateDeps;
let estimateCost: EstimateCost;
let installed: InstallResult;

beforeAll(async () => {
  [simulator, addon, mirror] = await Promise.all([createSimulator(), startReceivingAddon(), openTestMirror()]);
  const timeouts = { idleMs: 1_500, totalMs: 10_000 };
  client = createClockifyClient({ allowedDomains: [simulator.url], timeouts });
  deps = {
    orm: mirror.orm,
    gateway: createGateway({ orm: mirror.orm, client, hourlyLimit: null }),
    access: createInstallationAccess({ orm: mirror.orm, seal }),
    catalogue: parseCatalogue(openapi),
    requestsPerSecond: 48,
    hourlyLimit: null,
    pageSize: 200,
    maxPages: 1_000,
    longestMs: 60_000,
  };
});
afterAll(async () => {
  await Promise.all([client.close(), simulator.close(), addon.close()]);
  await mirror.close();
});
beforeEach(async () => {
  await mirror.reset();
  estimateCost = createCostEstimate(deps);
});

/** An add-on on a workspace of its own, stored as its INSTALLED call would have been. */
async function install(options: InstallOptions): Promise<void> {
  installed = await simulator.install(addon.manifestUrl, options);
  const { workspaceId, addonId, ownerId, installationToken } = installed;
  const installation = {
    workspaceId,
    addonId,
    apiUrl: `${simulator.url}/api/v1`,
    reportsUrl: `${simulator.url}/report/v1`,
    ownerUserId: ownerId,
    asUser: null,
    addonUserId: null,
    token: seal.seal(installationToken, buildTokenContext(installed)),
    tokenDigest: 'digest',
  };
  await applyInstalled(mirror.orm, { installation, webhooks: [] }, 'request-1');
  simulator.resetLedger();
}

const estimate = (options: object = {}): Promise<CostEstimate> =>
  estimateCost(installed, bootstrapOptionsSchema.parse(options));
const arm = (fault: Fault): string => simulator.addFault(installed.workspaceId, fault);
const ledger = () => simulator.ledger(installed.workspaceId);
const costOf = ({ entities }: CostEstimate, entity: EntityType): EntityCost | undefined =>
  entities.find((cost) => cost.entity === entity);
const share = (value: number, of: number): number => Math.abs(value / of - 1);

describe('without a copy, the calls of a full one', () => {
  it.each([
    ['S', 1],
    ['S', 7],
    ['X', 1],
    ['X', 2],
    ['M', 1],
    ['M', 2],
  ] as const)('are told within a tenth for profile %s, seed %i, by 61 reads at most', async (profile, seed) => {
    await install({ profile, seed });
    const told = await estimate();
    const truth = countCallsOfCopy(profile, seed);
    console.log(profile, seed, truth, told.calls, told.margin, told.requests, told.notes);
    expect(share(told.calls, truth)).toBeLessThan(0.1);
    expect(Math.abs(told.calls - truth)).toBeLessThanOrEqual(2 * told.margin);
    expect(told).toMatchObject({ basis: 'probes', plan: 'PRO_2021', requests: ledger().requests });
    expect(told.requests).toBeLessThanOrEqual(61);
    expect(ledger()).toMatchObject({ statuses: { 200: told.requests }, undeclared: [], unserved: [], repeated: [] });
    expect(ledger().maxInAnySecond).toBeLessThanOrEqual(50);
  }, 60_000);
});
