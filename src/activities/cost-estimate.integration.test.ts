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
import type { Row } from '../../simulator/world/types.ts';
import { createClockifyClient } from '../clockify/client.ts';
import { applyInstalled } from '../db/lifecycle.ts';
import { bootstrapOptionsSchema } from '../domain/bootstrap-options.ts';
import { buildPlan } from '../domain/bootstrap-plan.ts';
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
let gateway: ReturnType<typeof createGateway>;
let deps: CostEstimateDeps;
let estimateCost: EstimateCost;
let installed: InstallResult;

beforeAll(async () => {
  [simulator, addon, mirror] = await Promise.all([createSimulator(), startReceivingAddon(), openTestMirror()]);
  client = createClockifyClient({ allowedDomains: [simulator.url] });
  gateway = createGateway({ orm: mirror.orm, client, hourlyLimit: null });
  deps = {
    orm: mirror.orm,
    gateway,
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
  await gateway.close();
  await Promise.all([client.close(), simulator.close(), addon.close()]);
  await mirror.close();
});
beforeEach(async () => {
  await mirror.reset();
  estimateCost = createCostEstimate(deps);
});

/** An add-on on a workspace of its own, stored as its INSTALLED call would have been. */
async function install(options: InstallOptions): Promise<void> {
  installed = await simulator.install(addon.manifestUrl, { workspaceId: randomBytes(12).toString('hex'), ...options });
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

/** Small, and without the hourly limit of its plan. */
const small: InstallOptions = { profile: 'XS', seed: 1, plan: 'ENTERPRISE' };

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
  ] as const)(
    'are told within a tenth for profile %s, seed %i, by 61 reads at most',
    async (profile, seed) => {
      await install({ profile, seed });
      const told = await estimate();
      const truth = countCallsOfCopy(profile, seed);
      expect(share(told.calls, truth)).toBeLessThan(0.1);
      expect(Math.abs(told.calls - truth)).toBeLessThanOrEqual(2 * told.margin);
      expect(told).toMatchObject({ basis: 'probes', plan: 'PRO_2021', requests: ledger().requests });
      expect(told.requests).toBeLessThanOrEqual(61);
      expect(told.notes).toEqual([]);
      expect(ledger()).toMatchObject({ statuses: { 200: told.requests }, undeclared: [], unserved: [], repeated: [] });
      expect(ledger().maxInAnySecond).toBeLessThanOrEqual(50);
    },
    60_000,
  );
});

describe('what-if', () => {
  it('tells the calls of the last months alone', async () => {
    await install({ profile: 'S', seed: 3 });
    const told = await estimate({ timeEntryDays: 180 });
    const since = new Date(Date.now() - 181 * 86_400_000).toISOString();
    const world = simulator.world(installed.workspaceId);
    const isRead = (entry: Row) => (entry['timeInterval'] as { start: string }).start >= since;
    const entries = world
      .list('users')
      .map((user) => world.list('time_entries', String(user['id'])).filter(isRead).length);
    expect(share(told.calls, countCallsOfCopy('S', 3, entries))).toBeLessThan(0.1);
    expect(costOf(told, 'time_entries')?.calls).toBeLessThan(100);
  }, 60_000);

  it('leaves out what is not wanted, and does not ask again for what it has just seen', async () => {
    await install({ profile: 'S', seed: 3 });
    const all = await estimate();
    const without = await estimate({ timeEntries: false });
    expect(costOf(without, 'time_entries')).toBeUndefined();
    expect(share(without.calls, countCallsOfCopy('S', 3, []))).toBeLessThan(0.1);
    expect(without.requests).toBeLessThan(all.requests);
    expect(await estimate()).toEqual({ ...all, requests: 0 });
    expect(ledger()).toMatchObject({ requests: all.requests + without.requests, repeated: [] });
  }, 60_000);

  it('tells the kinds of the scope alone', async () => {
    await install(small);
    const told = await estimate({ scope: 'core' });
    expect(told.entities.map(({ entity }) => entity)).toEqual(
      buildPlan({ scope: 'core', timeEntries: true }).map(({ entity }) => entity),
    );
    expect(told.calls).toBe(7);
  });

  it('takes the slowest of the paces: of the deployment, of the workspace, of the run', async () => {
    await install(small);
    expect((await estimate()).pace).toEqual({ requestsPerSecond: 48, requestsPerHour: null });
    await mirror.rows(`update installations set settings = '{"requests_per_second":20}'`);
    expect((await estimate({ requestsPerSecond: 30 })).pace.requestsPerSecond).toBe(20);
    expect((await estimate({ requestsPerSecond: 10 })).pace.requestsPerSecond).toBe(10);
  });
});

describe('what cannot be read', () => {
  beforeEach(() => install(small));

  it('costs the one refusal, and nothing below it', async () => {
    arm({ kind: 'feature-gated', status: 403, operationId: 'getInvoices' });
    const told = await estimate();
    expect(costOf(told, 'invoices')).toMatchObject({ calls: 1, rows: 0 });
    expect(costOf(told, 'invoice_details')).toMatchObject({ calls: 0, rows: 0 });
    expect(told.notes).toEqual([
      'invoices cannot be read: The plan or the settings of the workspace do not include this.',
    ]);
  });

  it('below many parents costs one refusal for each page loop', async () => {
    arm({ kind: 'scope-missing', operationId: 'getTasks' });
    expect(costOf(await estimate(), 'tasks')).toMatchObject({ calls: 4, rows: 0 });
  });
});

describe('the budget', () => {
  it('of a FREE workspace is spared, and the time is told with and without its limit', async () => {
    await install({ profile: 'XS', seed: 1 });
    const told = await estimate();
    expect(told.requests).toBeLessThanOrEqual(11);
    expect(told).toMatchObject({ plan: 'FREE', pace: { requestsPerHour: 30 }, minutes: 300 });
    expect(told.notes[0]).toMatch(/^A rough estimate: no more than \d+ requests/);
    expect(told.notes[1]).toMatch(/limited to 30 requests an hour\. Without that limit it takes 0\.1 minutes\.$/);
    expect(told.notes[2]).toMatch(/^custom fields cannot be read/);
  });

  it('that is used up for this hour is left alone', async () => {
    await install({ profile: 'XS', seed: 1 });
    await estimate();
    await mirror.rows('update rate_limits set hourly_limit = 30, recent_grants = array_fill(now(), array[29])');
    simulator.resetLedger();
    await expect(estimate()).rejects.toMatchObject({ code: 'clockify_rate_limited' });
    expect(ledger().requests).toBe(0);
  });

  it('is not asked any further once Clockify says to slow down', async () => {
    await install(small);
    arm({ kind: 'rate-limit', retryAfterSeconds: 30 });
    await expect(estimate()).rejects.toMatchObject({ code: 'clockify_rate_limited' });
    expect(ledger().requests).toBe(1);
  });
});

describe('an answer', () => {
  beforeEach(() => install({ profile: 'X', seed: 1, features: [] }));

  it('that fails now and then is asked for again', async () => {
    const { requests, ...undisturbed } = await estimate({ only: ['tasks'] });
    estimateCost = createCostEstimate(deps);
    arm({ kind: 'status', status: 503, operationId: 'getProjects', times: 3 });
    expect(await estimate({ only: ['tasks'] })).toEqual({ ...undisturbed, requests: requests + 3 });
  });

  it.each([
    [{ kind: 'status', status: 503, operationId: 'getProjects' }, 'clockify_unavailable'],
    [{ kind: 'html', status: 200, operationId: 'getTasks' }, 'clockify_answer_malformed'],
    [{ kind: 'token-revoked' }, 'clockify_token_dead'],
  ] as const)('that always fails by %j ends the estimate as %s', async (fault, code) => {
    arm(fault);
    await expect(estimate({ only: ['tasks'] })).rejects.toMatchObject({ code });
  });

  it.each([false, true])('of smaller pages than asked for is reckoned with (refused: %s)', async (refuse) => {
    arm({ kind: 'page-size-cap', operationId: 'getProjects', refuse, steps: [{ after: 0, size: 50 }] });
    expect(costOf(await estimate({ only: ['projects'] }), 'projects')).toMatchObject({
      calls: 46,
      margin: 0,
      rows: 2_255,
    });
  });
});
