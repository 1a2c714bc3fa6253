import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { EntityType as SimulatedType } from '../../simulator/world/types.ts';
import type { RefreshDeps } from '../../src/activities/refresh.ts';
import { createWebhookRegistrar } from '../../src/activities/webhook-registrar.ts';
import { saveFeedFindings } from '../../src/db/coverage.ts';
import type { EntityType } from '../../src/domain/entities.ts';
import { parseManifest } from '../../src/domain/manifest.ts';
import { changeFeeds } from '../../src/domain/webhook-states.ts';
import { readRepositoryFile } from './api.ts';
import { openLiveMirror } from './live-mirror.ts';
import type { LiveMirror } from './live-mirror.ts';

/** More requests than a kind may take that is read whole after every absence. */
export const tooMany = 2_000;

/**
 * A mirror whose add-on takes no deliveries, so that Clockify gives each of them up, for the tests of one file. The
 * feeds of changes work, and the webhooks family is open.
 */
export function useDeafAddon() {
  let live: LiveMirror;
  let workspaceId: string;
  let deps: RefreshDeps;
  beforeAll(async () => {
    // With these an add-on may make webhooks, where the family is open.
    const { scopes = [] } = parseManifest(JSON.parse(readRepositoryFile('manifest.json')));
    live = await openLiveMirror({ isUnlimited: true, install: { scopes } });
    ({ workspaceId } = live.ref);
    deps = { ...live.drainDeps, baseUrl: live.baseUrl, hourlyLimit: null };
  });
  afterAll(() => live.close());
  beforeEach(async () => {
    await live.forget();
    live.simulator.clearFaults(workspaceId);
    live.simulator.resetDeliveries(workspaceId);
    live.simulator.setWebhooks(workspaceId, { open: true, speed: 1_000_000 });
    const findings = changeFeeds.map((feed) => ({ feed, state: 'works', reason: null }) as const);
    await saveFeedFindings(deps.orm, live.ref, findings);
  });

  return {
    live: () => live,
    simulator: () => live.simulator,
    ref: () => live.ref,
    workspaceId: () => workspaceId,
    deps: () => deps,

    /** A run that ended a while ago, and the requests that each of its kinds took. */
    addRun: async (requests: Partial<Record<EntityType, number>>): Promise<void> => {
      const at = `now() - interval '20 minutes'`;
      await live.mirror.rows(
        `insert into bootstrap_jobs (workspace_id, run_id, addon_id, status, options, request_id, paused,
           control_version, started_at, finished_at)
         values ($1, 'run-1', $2, 'COMPLETED', '{}', 'request-1', false, 0, ${at}, ${at})`,
        [workspaceId, live.ref.addonId],
      );
      await live.mirror.rows(
        `with kinds as (select key as entity, value::int as requests from jsonb_each_text($2)), loops as (
           insert into bootstrap_loops
             (workspace_id, run_id, entity, loop, cursor, fence, pages, rows, requests, updated_at)
           select $1, 'run-1', entity, 0, '{}', 0, 1, 1, requests, now() from kinds)
         insert into bootstrap_endpoints (workspace_id, run_id, entity, state, complete, started_at, finished_at)
         select $1, 'run-1', entity, 'read', true, ${at}, ${at} from kinds`,
        [workspaceId, JSON.stringify(requests)],
      );
    },

    /** A webhook for every event, as far as Clockify lets us. */
    register: async (): Promise<void> => {
      await createWebhookRegistrar({ ...deps, mayWrite: true, firstPauseMs: 5 }).register(live.ref);
      live.simulator.resetLedger();
    },

    firstKeys: (entity: SimulatedType, count: number): string[] =>
      live.simulator
        .rows(workspaceId, entity)
        .slice(0, count)
        .map(({ id }) => String(id)),

    rename: (key: string, entity: SimulatedType = 'tags', field = 'name'): void => {
      const fields = { [field]: `renamed ${Math.random()}` };
      live.simulator.mutate(workspaceId, { entity, update: [{ key, fields }] });
    },

    /** Resolves when Clockify has given up every delivery. */
    giveUp: () => live.simulator.settleDeliveries(workspaceId),

    /** Requests of an operation, or all. */
    asked: (operation?: string): number =>
      live.simulator
        .requests(workspaceId)
        .filter(({ operationId }) => operation === undefined || operationId === operation).length,

    /** How many changes were found, by kind, of which an event should have told. */
    missed: () =>
      live.mirror.rows('select entity_type as entity, missed from refresh_marks where missed > 0 order by entity_type'),
  };
}
