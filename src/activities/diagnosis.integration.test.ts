import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openTestMirror } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import type { Fault } from '../../simulator/faults/types.ts';
import type { InstallOptions, InstallResult } from '../../simulator/platform/requests.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { startReceivingAddon } from '../../simulator/test-support/receiving-addon.ts';
import type { ReceivingAddon } from '../../simulator/test-support/receiving-addon.ts';
import { createClockifyClient } from '../clockify/client.ts';
import { applyInstalled } from '../db/lifecycle.ts';
import { parseCatalogue } from '../domain/catalogue.ts';
import { buildTokenContext } from '../domain/contract.ts';
import type { CheckName, CheckResult } from '../domain/diagnosis.ts';
import { buildManifest, parseManifest } from '../domain/manifest.ts';
import { createTokenSeal } from '../platform/token-seal.ts';
import { createGateway } from './clockify-gateway.ts';
import { createDiagnosisActivities, createSelfTest } from './diagnosis.ts';
import type { SelfTestDeps } from './diagnosis.ts';
import { createInstallationAccess } from './installation-access.ts';

const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const seal = createTokenSeal([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
const manifest = buildManifest(parseManifest(readJson('manifest.json')), {
  baseUrl: 'https://studio.example.org',
  key: 'receiving-addon',
  webhookLimit: 2,
  readOnly: false,
});

let simulator: Simulator;
let addon: ReceivingAddon;
let mirror: TestMirror;
let client: ReturnType<typeof createClockifyClient>;
let gateway: ReturnType<typeof createGateway>;
let deps: SelfTestDeps;
let installed: InstallResult;
let seed = 0;

beforeAll(async () => {
  [simulator, addon, mirror] = await Promise.all([createSimulator(), startReceivingAddon(), openTestMirror()]);
  const allowedDomains = [simulator.url, 'http://127.0.0.1:9'];
  client = createClockifyClient({ allowedDomains, timeouts: { idleMs: 1_500, totalMs: 10_000 } });
  gateway = createGateway({ orm: mirror.orm, client, hourlyLimit: null });
  deps = {
    orm: mirror.orm,
    gateway,
    access: createInstallationAccess({ orm: mirror.orm, seal }),
    catalogue: parseCatalogue(readJson('openapi.json')),
    manifest,
    requestsPerSecond: 48,
  };
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([client.close(), simulator.close(), addon.close()]);
  await mirror.close();
});
beforeEach(() => mirror.reset());
afterEach(() => void simulator.clearFaults(installed.workspaceId));

/** An add-on on a workspace of its own, stored as its INSTALLED call would have been. */
async function install(options: InstallOptions = {}): Promise<void> {
  installed = await simulator.install(addon.manifestUrl, {
    profile: 'XS',
    seed: (seed += 1),
    plan: 'ENTERPRISE',
    ...options,
  });
  const { workspaceId, addonId, ownerId, installationToken, webhooks } = installed;
  await applyInstalled(
    mirror.orm,
    {
      installation: {
        workspaceId,
        addonId,
        apiUrl: `${simulator.url}/api/v1`,
        reportsUrl: `${simulator.url}/report/v1`,
        ownerUserId: ownerId,
        asUser: null,
        addonUserId: null,
        token: seal.seal(installationToken, buildTokenContext(installed)),
        tokenDigest: 'digest',
      },
      webhooks: webhooks.map(({ path, event }) => ({ path, event, tokenDigest: path })),
    },
    'request-1',
  );
}

const selfTest = (sparesQuota = false) => createSelfTest(deps)(installed, { sparesQuota });

async function look(check: CheckName, ...faults: Fault[]): Promise<CheckResult | undefined> {
  for (const fault of faults) simulator.addFault(installed.workspaceId, fault);
  const { checks } = await selfTest();
  return checks.find((result) => result.check === check);
}

const finding = (pattern: RegExp) => expect.stringMatching(pattern) as unknown as string;
const reading = 'getWorkspaceOfUser';
const otherScopes = (...missing: string[]) => (manifest.scopes ?? []).filter((scope) => !missing.includes(scope));

describe('a healthy installation', () => {
  beforeEach(() => install());

  it('passes every check with at most twenty requests, all of them reads that change nothing', async () => {
    simulator.resetLedger();
    const { checks } = await selfTest();
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(checks.find(({ check }) => check === 'scopes')?.finding).toMatch(/^15 of 15 .*none is missing\.$/);
    const ledger = simulator.ledger(installed.workspaceId);
    expect(ledger.requests).toBeLessThanOrEqual(20);
    expect(ledger).toMatchObject({ verbs: { GET: ledger.requests }, statuses: { 200: ledger.requests } });
    expect(ledger).toMatchObject({ undeclared: [], unserved: [], repeated: [], maxInFlight: 1 });
  });

  it('is stored with what was found, and the plan with it', async () => {
    const diagnosis = await selfTest();
    const [row] = await mirror.rows('select diagnosis, plan from installations');
    expect(row).toEqual({ diagnosis, plan: 'ENTERPRISE_2021' });
    expect(Math.abs(Date.parse(diagnosis.checkedAt) - Date.now())).toBeLessThan(60_000);
  });

  it('is tested anew each time, and the newest test is kept', async () => {
    await look('token', { kind: 'token-revoked' });
    simulator.clearFaults(installed.workspaceId);
    const diagnosis = await selfTest();
    expect(diagnosis.checks[0]).toMatchObject({ check: 'token', state: 'ok' });
    expect(await mirror.rows('select diagnosis, plan from installations')).toEqual([
      { diagnosis, plan: 'ENTERPRISE_2021' },
    ]);
  });
});

describe('the token', () => {
  beforeEach(() => install());

  it('of an add-on that was removed is dead, and nothing more is asked', async () => {
    await simulator.uninstall(installed.workspaceId, { deliver: false });
    simulator.resetLedger();
    const { checks } = await selfTest();
    expect(checks[0]).toMatchObject({
      state: 'failed',
      finding: finding(/no longer accepts/),
      remedy: finding(/again/),
    });
    expect(checks.map(({ state }) => state).join()).toBe('failed,ok,unknown,unknown,unknown,ok,ok,ok');
    expect(simulator.ledger().requests).toBe(1);
  });

  it('of an add-on that is switched off opens nothing', async () => {
    await simulator.setStatus(installed.workspaceId, 'INACTIVE');
    expect(await look('token')).toMatchObject({ state: 'failed', finding: finding(/opens nothing/) });
  });
});

describe('the host', () => {
  beforeEach(() => install());
  const store = (column: string, url: string) => mirror.rows(`update installations set ${column} = $1`, [url]);

  it.each<[string, Fault]>([
    ['is broken', { kind: 'status', status: 503, operationId: reading }],
    ['resets connections', { kind: 'reset', at: 'headers', operationId: reading }],
    ['hangs', { kind: 'hang', at: 'headers', operationId: reading }],
    ['answers with a page of somebody else', { kind: 'html', status: 200, operationId: reading }],
    ['does not know the workspace', { kind: 'status', status: 404, body: '', operationId: reading }],
  ])('that %s has failed, and nothing more is asked', async (_, fault) => {
    simulator.resetLedger();
    expect(await look('host', fault)).toMatchObject({ state: 'failed', remedy: expect.any(String) });
    expect(simulator.ledger().requests).toBe(1);
  });

  it('at which nobody listens has failed', async () => {
    await store('api_url', 'http://127.0.0.1:9/api/v1');
    expect(await look('host')).toMatchObject({ state: 'failed', finding: finding(/does not answer/) });
  });

  it('that is not on the list is not called', async () => {
    await store('api_url', 'https://api.clockify.me.example.com/api/v1');
    simulator.resetLedger();
    expect(await look('host')).toMatchObject({ state: 'failed', finding: finding(/list of hosts/) });
    expect(simulator.ledger().requests).toBe(0);
  });

  it('with another path has failed', async () => {
    await store('api_url', `${simulator.url}/somewhere/v1`);
    expect(await look('host')).toMatchObject({ state: 'failed', finding: finding(/does not know/) });
  });

  it.each<[string, string]>([
    ['nobody listens', 'http://127.0.0.1:9/report/v1'],
    ['nothing is known of reports', ''],
  ])('for reports at which %s has failed, without hiding the rest', async (_, url) => {
    await store('reports_url', url === '' ? `${simulator.url}/nothing/v1` : url);
    const { checks } = await selfTest();
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([
      expect.objectContaining({ check: 'host', state: 'failed', finding: finding(/for reports/) }),
    ]);
  });
});

describe('permissions', () => {
  it('that are missing are named', async () => {
    await install({ scopes: otherScopes('TAG_READ', 'EXPENSE_READ') });
    expect(await look('scopes')).toMatchObject({
      state: 'failed',
      finding: finding(/needs TAG_READ, EXPENSE_READ\.$/),
    });
  });

  it('without the one for the workspace are still tried, and the token is not blamed', async () => {
    await install({ scopes: otherScopes('WORKSPACE_READ') });
    const { checks } = await selfTest();
    expect(checks.map(({ check, state }) => [check, state])).toEqual([
      ['token', 'ok'],
      ['host', 'ok'],
      ['scopes', 'failed'],
      ['plan', 'unknown'],
      ['features', 'unknown'],
      ['limits', 'ok'],
      ['webhooks', 'ok'],
      ['clock', 'ok'],
    ]);
  });

  it('that a broken answer leaves open are not called missing', async () => {
    await install();
    const result = await look('scopes', { kind: 'status', status: 500, operationId: 'getTags' });
    expect(result).toMatchObject({ state: 'ok', finding: finding(/^14 of 15 .* Not tried: TAG_READ\.$/) });
  });

  it('on families that are closed to every add-on are not looked for', async () => {
    await install();
    await selfTest();
    const asked = Object.keys(simulator.ledger(installed.workspaceId).operations);
    expect(asked.filter((operation) => /webhook|getWorkspacesOfUser/i.test(operation))).toEqual([]);
  });
});

describe('a FREE workspace', () => {
  beforeEach(() => install({ plan: 'FREE', features: ['TIME_TRACKING'] }));

  it('is warned of its hourly limit, and told which kinds are skipped', async () => {
    const { checks } = await selfTest();
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([
      expect.objectContaining({ check: 'plan', state: 'warning', finding: finding(/30 requests an hour/) }),
      expect.objectContaining({ check: 'features', state: 'warning', finding: finding(/INVOICING.*invoice details/) }),
    ]);
  });

  it('keeps its requests for the copy when nobody asked for the test', async () => {
    simulator.resetLedger();
    await createDiagnosisActivities(deps).diagnoseInstallation(installed);
    expect(simulator.ledger().requests).toBe(1);
    const [row] = await mirror.rows('select diagnosis, plan from installations');
    const scopes = { check: 'scopes', state: 'unknown', remedy: finding(/by hand/) };
    const checks = expect.arrayContaining([expect.objectContaining(scopes)]) as unknown;
    expect(row).toMatchObject({ plan: 'FREE', diagnosis: { checks } });
  });
});

test('features that are refused though the plan has them are named', async () => {
  await install();
  const gate: Fault = { kind: 'feature-gated', status: 403, operationId: 'getCategories' };
  expect(await look('features', gate)).toMatchObject({ state: 'warning', finding: finding(/Without EXPENSES/) });
});

describe('the limits', () => {
  beforeEach(() => install());

  it('name the pause that Clockify asked for, and leave the rest unknown', async () => {
    const result = await look('limits', { kind: 'rate-limit', retryAfterSeconds: 60, operationId: 'getClients' });
    expect(result).toMatchObject({ state: 'warning', finding: finding(/pause until \d{4}-\d\d-\d\dT/) });
  });

  it('name the hourly limit that was learned', async () => {
    await selfTest();
    await mirror.rows('update rate_limits set hourly_limit = 30');
    expect(await look('limits')).toMatchObject({ state: 'warning', finding: finding(/30 requests an hour/) });
  });

  it('name the webhooks that Clockify did not register', async () => {
    await mirror.rows(`delete from webhook_registrations where event = 'NEW_TASK'`);
    expect(await look('limits')).toMatchObject({ state: 'warning', finding: finding(/1 of the 2 webhooks/) });
  });
});

test.each([3_600, -3_600])('a clock of Clockify that is %i seconds ahead has failed', async (seconds) => {
  await install();
  const result = await look('clock', { kind: 'clock-skew', seconds });
  expect(result).toMatchObject({ state: 'failed', finding: finding(/seconds lie between/), remedy: finding(/NTP/) });
});
