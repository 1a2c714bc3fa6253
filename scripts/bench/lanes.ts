// How long an interactive call waits for its slot while eight page loops read as fast as they may.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createSimulator } from '../../simulator/simulator.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { startReceivingAddon } from '../../simulator/test-support/receiving-addon.ts';
import { createGateway } from '../../src/activities/clockify-gateway.ts';
import type { Gateway } from '../../src/activities/clockify-gateway.ts';
import { createClockifyClient } from '../../src/clockify/client.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createOrm } from '../../src/db/orm.ts';
import { Secret } from '../../src/platform/secret.ts';
import { formatTable } from '../demo/text-table.ts';
import { ensureDatabase } from '../stack/ensure-database.ts';
import { startPostgres } from '../stack/postgres.ts';
import { percentile } from './percentile.ts';

const bulkRates = [48, 25] as const;
const bulkLoops = 8;
const interactiveRate = 48;
const interactiveEveryMs = 100;
/** What an interactive call may wait at the 99th percentile. */
const mostWaitMs = 250;
const mostInAnySecond = 50;

interface Setting {
  readonly simulator: Simulator;
  readonly workers: readonly Gateway[];
  /** With a list of its own for the waits, in milliseconds. */
  readonly api: { readonly gateway: Gateway; readonly waits: number[] };
  readonly seconds: number;
}

interface Result {
  readonly bulkRate: number;
  readonly bulkPerSecond: number;
  readonly waits: readonly number[];
  readonly inAnySecond: number;
}

async function measure({ simulator, workers, api, seconds }: Setting, bulkRate: number): Promise<Result> {
  const addon = await startReceivingAddon();
  const installed = await simulator.install(addon.manifestUrl, { seed: bulkRate });
  const { workspaceId } = installed;
  const call = {
    method: 'GET',
    url: new URL(`/api/v1/workspaces/${workspaceId}/tags`, simulator.url),
    credential: { kind: 'addon', secret: new Secret(installed.installationToken) },
    workspaceId,
    maxWaitMs: 20_000,
  } as const;
  const endsAt = performance.now() + seconds * 1_000;
  let bulkCalls = 0;
  api.waits.length = 0;

  const loops = Array.from({ length: bulkLoops }, async (_, loop) => {
    while (performance.now() < endsAt) {
      await workers[loop % workers.length]?.call({ ...call, lane: 'bulk', requestsPerSecond: bulkRate });
      bulkCalls += 1;
    }
  });
  const clicks: Promise<unknown>[] = [];
  for (let at = performance.now(); at < endsAt; at += interactiveEveryMs) {
    await sleep(Math.max(0, at - performance.now()));
    clicks.push(api.gateway.call({ ...call, lane: 'interactive', requestsPerSecond: interactiveRate }));
  }
  await Promise.all([...loops, ...clicks]);
  await addon.close();
  const waits = api.waits.toSorted((a, b) => a - b);
  const inAnySecond = simulator.ledger(workspaceId).maxInAnySecond;
  return { bulkRate, bulkPerSecond: bulkCalls / seconds, waits, inAnySecond };
}

async function runAll(seconds: number): Promise<Result[]> {
  const dataDir = join(tmpdir(), `bench-lanes-${process.pid}`);
  const postgres = await startPostgres({ dataDir, durable: false, log: () => {} });
  await ensureDatabase(postgres, 'bench');
  const databaseUrl = postgres.url('bench', 'clockify_addon');
  await migrate(databaseUrl);
  const simulator = await createSimulator({ latencyMs: 15 });
  const client = createClockifyClient({ allowedDomains: [simulator.url] });
  const orms = [createOrm(databaseUrl), createOrm(databaseUrl), createOrm(databaseUrl)] as const;
  const [first, second, third] = orms;
  const workers = [first, second].map((orm) => createGateway({ orm, client, hourlyLimit: null }));
  const waits: number[] = [];
  const onWait = (waited: number): void => void waits.push(waited * 1_000);
  const api = { waits, gateway: createGateway({ orm: third, client, hourlyLimit: null, onWait }) };
  const results: Result[] = [];
  for (const bulkRate of bulkRates) results.push(await measure({ simulator, workers, api, seconds }, bulkRate));
  await Promise.all([...workers, api.gateway].map((gateway) => gateway.close()));
  await Promise.all([client.close(), simulator.close(), ...orms.map((orm) => orm.close(true))]);
  await postgres.stop('immediate');
  return results;
}

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const seconds = Number(values.seconds);
const results = await runAll(seconds);
const header = ['Bulk ordered', 'Bulk sent', 'Calls', 'Wait p50', 'Wait p99', 'Longest', 'Most in a second'];
const rows = results.map(({ bulkRate, bulkPerSecond, waits, inAnySecond }) => [
  `${bulkRate}/s`,
  `${bulkPerSecond.toFixed(1)}/s`,
  String(waits.length),
  ...[0.5, 0.99, 1].map((share) => `${percentile(waits, share).toFixed(0)} ms`),
  String(inAnySecond),
]);
console.log(`${bulkLoops} page loops, and an interactive call every ${interactiveEveryMs} ms, for ${seconds} s each`);
console.log(formatTable([header, ...rows], [0, 1, 2, 3, 4, 5, 6]).join('\n'));
const isMet = results.every(
  ({ waits, inAnySecond }) => percentile(waits, 0.99) < mostWaitMs && inAnySecond <= mostInAnySecond,
);
console.log(
  `${isMet ? 'Met' : 'Not met'}: p99 below ${mostWaitMs} ms, never more than ${mostInAnySecond} in a second.`,
);
process.exitCode = isMet ? 0 : 1;
