import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Fault } from '../../simulator/faults/types.ts';
import type { InstallResult } from '../../simulator/platform/requests.ts';
import { createWebhookRegistrar } from '../../src/activities/webhook-registrar.ts';
import type { RegistrarDeps } from '../../src/activities/webhook-registrar.ts';
import { loadCoverage } from '../../src/db/coverage.ts';
import { digestToken } from '../../src/platform/token-digest.ts';
import { openWebhookStage } from './webhook-stage.ts';
import type { StageSettings, WebhookStage } from './webhook-stage.ts';

/** A registrar before a simulator, for the tests of one file; each test installs the add-on anew. */
export function useWebhookRegistration() {
  let stage: WebhookStage;
  let installed: InstallResult;
  beforeAll(async () => void (stage = await openWebhookStage()));
  afterAll(() => stage.close());
  beforeEach(() => stage.mirror.reset());
  afterEach(() => void stage.simulator.clearFaults(installed.workspaceId));

  const registrar = (changes: Partial<RegistrarDeps> = {}) => createWebhookRegistrar({ ...stage.deps, ...changes });
  const hooks = () => stage.simulator.hooks(installed.workspaceId);
  const loadEvents = async () => (await loadCoverage(stage.mirror.orm, installed)).events;

  return {
    stage: () => stage,
    installed: () => installed,
    install: async (settings: StageSettings = {}) => void (installed = await stage.install(settings)),
    registrar,
    register: (removes = false) => registrar().register(installed, { removes }),
    /** Those of the manifest, too. */
    hooks,
    made: () => hooks().filter(({ isDeclared }) => !isDeclared),
    operations: () => stage.simulator.ledger(installed.workspaceId).operations,
    loadEvents,
    disturb: (...faults: Fault[]): void => {
      for (const fault of faults) stage.simulator.addFault(installed.workspaceId, fault);
    },

    /** How many events stand how. */
    countStates: async (): Promise<Record<string, number>> => {
      const states = (await loadEvents()).map(({ state }) => state ?? 'untried');
      return Object.fromEntries(
        [...new Set(states)].map((one) => [one, states.filter((state) => state === one).length]),
      );
    },

    /** Every webhook of Clockify is one whose token we hold, and no other token is held. */
    expectHeld: async (): Promise<void> => {
      const rows = await stage.mirror.rows('select event, token_digest from webhook_registrations');
      const held = rows.map(({ event, token_digest: digest }) => `${String(event)} ${String(digest)}`);
      const inClockify = hooks().map(({ hook }) => `${hook.webhookEvent} ${digestToken(hook.authToken)}`);
      expect(held.toSorted()).toEqual(inClockify.toSorted());
    },
  };
}
