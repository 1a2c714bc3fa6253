// Wall time and requests a second of copies: 1, 2 and 3 workers over 1, 4 and 12 workspaces at once.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startStack } from '../demo/stack.ts';
import type { RunningStack } from '../demo/stack.ts';
import { demoPaths, openState } from '../demo/state.ts';
import { createSupervisor } from '../demo/supervisor.ts';
import { formatNumber, formatTable } from '../demo/text-table.ts';

const workerCounts = [1, 2, 3] as const;
const workspaceCounts = [1, 4, 12] as const;
/** The platform's own limit, for each workspace. */
const mostInAnySecond = 50;
const longestMs = 1_800_000;
const silent = (): void => {};

interface Result {
  readonly workers: number;
  readonly workspaces: number;
  readonly seconds: number;
  readonly requests: number;
  /** Of the workspace that saw most. */
  readonly inAnySecond: number;
}

let nextWorkspace = 1;
const newWorkspaceIds = (count: number): string[] =>
  Array.from({ length: count }, () => `d${(nextWorkspace++).toString(16).padStart(23, '0')}`);

async function install({ addresses }: RunningStack, workspaceId: string): Promise<void> {
  const body = { manifestUrl: `${addresses.api}/manifest`, workspaceId, plan: 'ENTERPRISE' };
  const response = await fetch(`${addresses.simulator}/__simulator/workspaces/install`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { status } = (await response.json()) as { status: number | null };
  if (status !== 204) throw new Error(`The add-on answered its installation with ${status}`);
}

/** Seconds from the first start to the last end of the runs of these workspaces. */
async function awaitRuns(database: pg.Pool, ids: readonly string[]): Promise<number> {
  for (const until = Date.now() + longestMs; Date.now() < until; await sleep(500)) {
    const { rows } = await database.query<{ done: number; failed: number; seconds: number }>(
      `select count(finished_at)::int as done, count(*) filter (where status = 'FAILED')::int as failed,
         extract(epoch from max(finished_at) - min(started_at))::float8 as seconds
       from bootstrap_jobs where workspace_id = any($1)`,
      [ids],
    );
    const { done = 0, failed = 0, seconds = 0 } = rows[0] ?? {};
    if (failed > 0) throw new Error(`${failed} runs failed`);
    if (done === ids.length) return seconds;
  }
  throw new Error('the runs did not end');
}

async function measure(stack: RunningStack, workers: number, workspaces: number): Promise<Result> {
  const database = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 1 });
  const ids = newWorkspaceIds(workspaces);
  await Promise.all(ids.map((id) => install(stack, id)));
  const seconds = await awaitRuns(database, ids);
  await database.end();
  const ledgers = await Promise.all(ids.map((id) => stack.simulator.ledger(id)));
  return {
    workers,
    workspaces,
    seconds,
    requests: ledgers.reduce((sum, { requests }) => sum + requests, 0),
    inAnySecond: Math.max(...ledgers.map((ledger) => ledger.maxInAnySecond)),
  };
}

async function measureWorkers(workers: number, profile: 'XS' | 'S'): Promise<Result[]> {
  const directory = await mkdtemp(join(tmpdir(), 'clockify-api-studio-bench-'));
  // Run as root, Postgres is another user and must be able to enter.
  await chmod(directory, 0o755);
  const paths = demoPaths(directory);
  const supervisor = createSupervisor(silent);
  try {
    const state = await openState(paths, { profile, cluster: false }, silent);
    const root = join(import.meta.dirname, '../..');
    const stack = await startStack({ root, paths, state, workers, supervisor, log: silent });
    const results: Result[] = [];
    for (const workspaces of workspaceCounts) {
      const result = await measure(stack, workers, workspaces);
      console.error(presentResult(result).join('  '));
      results.push(result);
    }
    return results;
  } finally {
    await supervisor.stopAll();
    await rm(directory, { recursive: true, force: true });
  }
}

const presentResult = ({ workers, workspaces, seconds, requests, inAnySecond }: Result): string[] => [
  String(workers),
  String(workspaces),
  `${seconds.toFixed(1)} s`,
  formatNumber(requests),
  (requests / seconds).toFixed(1),
  String(inAnySecond),
];

const { values } = parseArgs({ options: { profile: { type: 'string', default: 'XS' } } });
if (values.profile !== 'XS' && values.profile !== 'S') throw new Error('--profile is XS or S');
const results: Result[] = [];
for (const workers of workerCounts) results.push(...(await measureWorkers(workers, values.profile)));
const head = ['workers', 'workspaces', 'wall time', 'requests', 'a second', 'most in a second of one workspace'];
console.log(`Copies of profile ${values.profile}, all workspaces at once`);
console.log(formatTable([head, ...results.map(presentResult)], [0, 1, 2, 3, 4, 5]).join('\n'));
const isKept = results.every(({ inAnySecond }) => inAnySecond <= mostInAnySecond);
console.log(`${isKept ? 'Kept' : 'Broken'}: never more than ${mostInAnySecond} a second for one workspace.`);
process.exitCode = isKept ? 0 : 1;
