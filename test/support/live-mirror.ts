import { createSecretKey, randomBytes } from 'node:crypto';
import type { InstallOptions } from '../../simulator/platform/requests.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { startReceivingAddon } from '../../simulator/test-support/receiving-addon.ts';
import { rowDigest } from '../../simulator/world/truth.ts';
import type { EntityType } from '../../simulator/world/types.ts';
import { createGateway } from '../../src/activities/clockify-gateway.ts';
import type { Gateway } from '../../src/activities/clockify-gateway.ts';
import { createDrain } from '../../src/activities/drain-mailbox.ts';
import type { DrainResult } from '../../src/activities/drain-mailbox.ts';
import type { DrainDeps } from '../../src/activities/drain-round.ts';
import { createInstallationAccess } from '../../src/activities/installation-access.ts';
import { createLastFetches } from '../../src/activities/last-fetches.ts';
import type { LastFetches } from '../../src/activities/last-fetches.ts';
import { createRefetch } from '../../src/activities/refetch.ts';
import type { RefetchDeps } from '../../src/activities/refetch-reading.ts';
import { createClockifyClient } from '../../src/clockify/client.ts';
import type { ClockifyClient } from '../../src/clockify/client.ts';
import { applyInstalled } from '../../src/db/lifecycle.ts';
import { query } from '../../src/db/sql.ts';
import { parseCatalogue } from '../../src/domain/catalogue.ts';
import { buildTokenContext } from '../../src/domain/contract.ts';
import type { InstallationRef } from '../../src/domain/contract.ts';
import { AddonError } from '../../src/domain/errors.ts';
import { createTokenSeal } from '../../src/platform/token-seal.ts';
import { readRepositoryFile } from './api.ts';
import { openTestMirror } from './mirror.ts';
import type { TestMirror } from './mirror.ts';

/** A mirror, the simulator it mirrors, and what keeps it right; no Temporal. */
export interface LiveMirror {
  readonly mirror: TestMirror;
  readonly simulator: Simulator;
  readonly ref: InstallationRef;
  /** Where the add-on would be reached; nobody is there. */
  readonly baseUrl: string;
  readonly drainDeps: DrainDeps;
  /** What a drain needs to go through another gateway. */
  through(gateway: Gateway): Pick<DrainDeps, 'gateway' | 'refetch'>;
  /** Drains the mailbox once, as an attempt of the activity does. */
  drain(changes?: Partial<DrainDeps>, lastFetches?: LastFetches): Promise<DrainResult>;
  /** Forgets all rows and deliveries; the installation stays. */
  forget(): Promise<void>;
  /** Keys of rows that the mirror holds otherwise than the simulator, deletions included; `keys` of it, or all. */
  differences(entity: EntityType, keys?: readonly string[]): Promise<string[]>;
  close(): Promise<void>;
}

export interface LiveMirrorOptions {
  readonly install?: InstallOptions;
  /** Calls leave at once, without a budget. */
  readonly isUnlimited?: boolean;
}

export async function openLiveMirror(options: LiveMirrorOptions = {}): Promise<LiveMirror> {
  const [mirror, simulator, addon] = await Promise.all([
    openTestMirror(),
    createSimulator(),
    startReceivingAddon({ webhooks: [] }),
  ]);
  const { workspaceId, addonId, installationToken } = await simulator.install(addon.manifestUrl, {
    profile: 'XS',
    plan: 'ENTERPRISE',
    ...options.install,
  });
  const { baseUrl } = addon.manifest;
  await addon.close();
  const ref = { workspaceId, addonId };
  const seal = createTokenSeal([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
  const register = () =>
    applyInstalled(
      mirror.orm,
      {
        installation: {
          ...ref,
          apiUrl: `${simulator.url}/api/v1`,
          reportsUrl: null,
          ownerUserId: 'd'.repeat(24),
          asUser: null,
          addonUserId: null,
          token: seal.seal(installationToken, buildTokenContext(ref)),
          tokenDigest: 'digest',
        },
        webhooks: [],
      },
      'request-1',
    );
  await register();
  const client = createClockifyClient({ allowedDomains: [simulator.url] });
  const limited = createGateway({ orm: mirror.orm, client, hourlyLimit: null });
  const gateway = options.isUnlimited === true ? createUnlimitedGateway(mirror, client) : limited;
  if (options.isUnlimited === true) simulator.setLimits(workspaceId, { perSecond: null, perHour: null });
  const refetchDeps: RefetchDeps = {
    orm: mirror.orm,
    gateway,
    access: createInstallationAccess({ orm: mirror.orm, seal }),
    catalogue: parseCatalogue(JSON.parse(readRepositoryFile('openapi.json'))),
    limits: { maxPages: 100, pageSize: 200, requestsPerSecond: 48 },
  };
  const { orm, access } = refetchDeps;
  const drainDeps: DrainDeps = {
    orm,
    access,
    gateway: refetchDeps.gateway,
    refetch: createRefetch(refetchDeps),
    requestsPerSecond: 48,
    budgetMs: 20_000,
  };

  return {
    mirror,
    simulator,
    ref,
    baseUrl,
    drainDeps,
    through: (other) => ({ gateway: other, refetch: createRefetch({ ...refetchDeps, gateway: other }) }),
    drain: (changes = {}, lastFetches = createLastFetches()) =>
      createDrain({ ...drainDeps, ...changes }, lastFetches)(ref),
    async forget() {
      await mirror.reset();
      await register();
    },
    async differences(entity, keys) {
      const stored = await mirror.rows(
        'select entity_id as id, hash from workspace_data where workspace_id = $1 and entity_type = $2 and deleted_at is null',
        [workspaceId, entity],
      );
      const held = new Map(stored.map(({ id, hash }) => [String(id), String(hash)]));
      const world = simulator.world(workspaceId);
      const all = keys ?? [...held.keys(), ...simulator.rows(workspaceId, entity).map(({ id }) => String(id))];
      return [...new Set(all)].filter((key) => {
        const row = world.find(entity, key);
        return (row === undefined ? undefined : rowDigest(row)) !== held.get(key);
      });
    },
    async close() {
      await limited.close();
      await client.close();
      await simulator.close();
      await mirror.close();
    },
  };
}

/** Each call leaves at once; the database tells when. For many more calls than a workspace has in its budget. */
function createUnlimitedGateway({ orm }: TestMirror, client: ClockifyClient): Gateway {
  return {
    async call(call) {
      const [row] = await query<{ now: string }>(
        orm.em.fork(),
        `select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
      );
      const observedAt = row?.now ?? '';
      try {
        return { ...(await client.call(call)), observedAt };
      } catch (error) {
        if (error instanceof AddonError)
          throw new AddonError(error.code, error.message, { ...error.details, observedAt });
        throw error;
      }
    },
  };
}
