import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BootstrapStatus } from '../../src/domain/bootstrap-status.ts';
import type { CostEstimate } from '../../src/domain/cost-estimate.ts';
import { startAddon } from '../support/addon.ts';
import type { Addon } from '../support/addon.ts';
import { callAsOwner, runBootstrap } from '../support/run.ts';

let addon: Addon;
let workspaceId: string;

beforeAll(async () => {
  addon = await startAddon({ workers: 1, env: { AUTO_BOOTSTRAP_ON_INSTALL: 'false' } });
  const installed = await addon.simulator.install(`${addon.baseUrl}/manifest`, { profile: 'S', seed: 11 });
  workspaceId = installed.workspaceId;
}, 120_000);

afterAll(() => addon.stop(), 60_000);

/** On a busy machine the time may be up before everything was seen; what was seen is remembered. */
async function estimate(options: object = {}, tries = 5): Promise<CostEstimate> {
  const response = await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/estimate`, options);
  if (response.status === 504 && tries > 1) return estimate(options, tries - 1);
  if (response.status !== 200) throw new Error(`estimate: ${response.status} ${await response.text()}`);
  return (await response.json()) as CostEstimate;
}

/** The run, and the requests of it that Clockify saw. */
async function count(options: object): Promise<{ run: BootstrapStatus; requests: number }> {
  const before = addon.simulator.ledger(workspaceId).requests;
  const run = await runBootstrap(addon, workspaceId, options);
  return { run, requests: addon.simulator.ledger(workspaceId).requests - before };
}

const share = (value: number, of: number): number => Math.abs(value / of - 1);

describe('the estimate of a workspace of profile S', () => {
  it('comes within a tenth of what Clockify then counts, without a copy and with one', async () => {
    const guess = await estimate();
    const { run, requests } = await count({});
    expect(run.status).toBe('COMPLETED');
    expect(guess.basis).toBe('probes');
    expect(share(guess.calls, requests)).toBeLessThan(0.1);

    const known = await estimate();
    expect(known).toMatchObject({ basis: 'mirror', margin: 0, requests: 0, calls: run.requests });
    const rows = new Map(run.entities.map((entity) => [entity.entity, entity.rows]));
    expect(known.entities.map((cost) => [cost.entity, cost.rows])).toEqual(
      known.entities.map(({ entity }) => [entity, rows.get(entity)]),
    );
  }, 300_000);

  it.each([{ only: ['time_entries', 'tags'], timeEntryDays: 60 }, { scope: 'core' }])(
    'with %j is what the next run takes',
    async (options) => {
      const known = await estimate(options);
      expect(known).toMatchObject({ basis: 'mirror', requests: 0 });
      const { requests } = await count(options);
      expect(share(known.calls, requests)).toBeLessThan(0.1);
    },
    300_000,
  );
});
