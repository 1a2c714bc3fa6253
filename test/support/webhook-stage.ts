import { createSecretKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallOptions, InstallResult } from '../../simulator/platform/requests.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { startReceivingAddon } from '../../simulator/test-support/receiving-addon.ts';
import { createGateway } from '../../src/activities/clockify-gateway.ts';
import { createInstallationAccess } from '../../src/activities/installation-access.ts';
import type { RegistrarDeps } from '../../src/activities/webhook-registrar.ts';
import { createClockifyClient } from '../../src/clockify/client.ts';
import { applyInstalled } from '../../src/db/lifecycle.ts';
import { buildTokenContext } from '../../src/domain/contract.ts';
import { buildManifest, parseManifest } from '../../src/domain/manifest.ts';
import { digestToken } from '../../src/platform/token-digest.ts';
import { createTokenSeal } from '../../src/platform/token-seal.ts';
import { openTestMirror } from './mirror.ts';
import type { TestMirror } from './mirror.ts';

/** The webhooks that its manifest declares. */
export const declaredCount = 20;

export interface StageSettings {
  /** Whether add-ons may call the webhooks family. */
  readonly open?: boolean;
  readonly cap?: number;
}

/** A simulator with an add-on of 20 declared webhooks, and what it takes to register the others. */
export interface WebhookStage {
  readonly simulator: Simulator;
  readonly mirror: TestMirror;
  readonly deps: RegistrarDeps;
  /** Installs the add-on on a workspace of its own, stored as its INSTALLED call would have been. */
  install(settings?: StageSettings, options?: InstallOptions): Promise<InstallResult>;
  close(): Promise<void>;
}

const template = parseManifest(JSON.parse(readFileSync(new URL('../../manifest.json', import.meta.url), 'utf8')));

/** `orm`: where it is installed, when not in the database of the stage. */
export async function openWebhookStage({ orm: given }: { readonly orm?: MikroORM } = {}): Promise<WebhookStage> {
  const seal = createTokenSeal([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
  const [simulator, mirror, addon] = await Promise.all([
    createSimulator(),
    openTestMirror(),
    startReceivingAddon({ scopes: template.scopes ?? [] }),
  ]);
  const { baseUrl } = addon.manifest;
  const options = { baseUrl, key: 'receiving-addon', webhookLimit: declaredCount, readOnly: false };
  Object.assign(addon.manifest, { webhooks: buildManifest(template, options).webhooks });
  const orm = given ?? mirror.orm;
  const timeouts = { idleMs: 300, totalMs: 10_000 };
  const client = createClockifyClient({ allowedDomains: [simulator.url], timeouts });
  const gateway = createGateway({ orm, client, hourlyLimit: null });
  const deps: RegistrarDeps = {
    orm,
    gateway,
    access: createInstallationAccess({ orm, seal }),
    requestsPerSecond: 50,
    baseUrl,
    mayWrite: true,
    firstPauseMs: 5,
  };
  let seed = 0;

  return {
    simulator,
    mirror,
    deps,
    async install(settings = {}, installOptions = {}) {
      const wanted = { profile: 'XS', seed: (seed += 1), plan: 'ENTERPRISE', ...installOptions } as const;
      const installed = await simulator.install(addon.manifestUrl, wanted);
      const { workspaceId, addonId, ownerId, installationToken, webhooks } = installed;
      simulator.setLimits(workspaceId, { perSecond: null, perHour: null });
      simulator.setWebhooks(workspaceId, { open: true, ...settings });
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
      const held = webhooks.map(({ path, event, authToken }) => ({ path, event, tokenDigest: digestToken(authToken) }));
      await applyInstalled(orm, { installation, webhooks: held }, 'request-1');
      simulator.resetLedger();
      return installed;
    },
    async close() {
      await gateway.close();
      await Promise.all([client.close(), simulator.close(), addon.close()]);
      await mirror.close();
    },
  };
}
