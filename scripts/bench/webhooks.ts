// Deliveries a second that are signed, committed and answered, against one insert for each and Postgres' own commits.
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { formatNumber, formatTable } from '../demo/text-table.ts';
import { percentile } from './percentile.ts';
import { measureCommits } from './webhooks-commits.ts';
import type { LoadResult } from './webhooks-load.ts';
import { openStage } from './webhooks-stage.ts';
import type { Stage, Variant } from './webhooks-stage.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '1,8,64,256' },
    rate: { type: 'string' },
    installations: { type: 'string', default: '64' },
    bytes: { type: 'string', default: '1000' },
    'stop-database': { type: 'string' },
    'only-api': { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const rate = values.rate === undefined ? null : Number(values.rate);
const bodyBytes = Number(values.bytes);
const interruption = values['stop-database'] === undefined ? null : Number(values['stop-database']);
const connections = values.connections.split(',').map(Number);
const variants: Variant[] = values['only-api'] ? ['api'] : ['baseline', 'api'];
/** A server that has just started is slow for a second; what is measured is one that runs. */
const warmUp = { seconds: 5, connections: 64, rate: null };
let from = 0;

interface Row extends LoadResult {
  readonly variant: Variant;
  readonly connections: number;
  /** Deliveries answered with 200 that are not in the table. */
  readonly lost: number;
}

async function warm(stage: Stage, port: number): Promise<void> {
  from += (await stage.load({ ...warmUp, port, from, bodyBytes })).sent;
}

async function measure(stage: Stage, variant: Variant, port: number, count: number): Promise<Row> {
  const first = from;
  const plan = { port, connections: count, seconds, rate, from, bodyBytes };
  const [result] = await Promise.all([
    stage.load(plan),
    interruption !== null && sleep(seconds * 300).then(() => stage.interruptDatabase(interruption)),
  ]);
  from += result.sent;
  const stored = await stage.count(
    `select count(*) from webhook_events
     where body->>'seq' >= lpad($1::text, 10, '0') and body->>'seq' < lpad($2::text, 10, '0')
       and not body->>'seq' = any(array(select lpad(n::text, 10, '0') from unnest($3::bigint[]) n))`,
    [first, from, result.unanswered],
  );
  return { ...result, variant, connections: count, lost: result.sent - result.unanswered.length - stored };
}

const average = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);

/** The first and the last tenth of the run, but a minute at the most. */
function compareEnds(perSecond: readonly number[]): string {
  const length = Math.max(1, Math.min(60, Math.floor(perSecond.length / 10)));
  const [first, last] = [average(perSecond.slice(0, length)), average(perSecond.slice(-length))];
  return `${first.toFixed(0)} → ${last.toFixed(0)}`;
}

const present = ({ variant, connections, waits, sent, unanswered, perSecond, lost, statuses }: Row): string[] => [
  variant === 'api' ? 'group commit' : 'one insert each',
  String(connections),
  `${((sent - unanswered.length) / seconds).toFixed(0)}/s`,
  ...[0.5, 0.99, 1].map((share) => `${percentile(waits, share).toFixed(1)} ms`),
  compareEnds(perSecond),
  formatNumber(sent),
  Object.entries(statuses)
    .filter(([status]) => status !== '200')
    .map(([status, count]) => `${count} × ${status}`)
    .join(' ') || '-',
  String(lost),
];

const stage = await openStage(Number(values.installations));
const rows: Row[] = [];
const commits: string[][] = [];
try {
  for (const variant of variants) {
    const server = await stage.serve(variant);
    await warm(stage, server.port);
    for (const count of connections) {
      const row = await measure(stage, variant, server.port, count);
      console.error(present(row).join('  '));
      rows.push(row);
    }
    await server.stop();
  }
  for (const sessions of connections.filter((count) => count <= 64)) {
    const perSecond = await measureCommits(stage.databaseUrl(), sessions, Math.min(seconds, 10), bodyBytes);
    commits.push([String(sessions), `${perSecond.toFixed(0)}/s`]);
  }
} finally {
  await stage.close();
}

const pace = rate === null ? 'as fast as answers come' : `${rate} a second`;
console.log(
  `Deliveries of ${bodyBytes} bytes, ${values.installations} installations, ${pace}, ${seconds} s each, warm`,
);
const head = [
  'Receipt',
  'Connections',
  'Answered 200',
  'p50',
  'p99',
  'Longest',
  'First → last',
  'Sent',
  'Others',
  'Lost',
];
console.log(formatTable([head, ...rows.map(present)], [1, 2, 3, 4, 5, 6, 7, 8, 9]).join('\n'));
console.log(`\nPostgres alone, one insert a commit`);
console.log(formatTable([['Sessions', 'Commits'], ...commits], [0, 1]).join('\n'));
const [load = 0] = loadavg();
console.log(`\n${availableParallelism()} processors for all of it, load ${load.toFixed(1)} at the end`);
const isKept = rows.every(({ lost }) => lost === 0);
console.log(`${isKept ? 'Kept' : 'Broken'}: whatever was answered with 200 is stored.`);
const bars = rate === null ? [] : [rate <= 50 ? 30 : 100];
const isMet = bars.every((bar) =>
  rows.every(({ variant, waits }) => variant !== 'api' || percentile(waits, 0.99) < bar),
);
for (const bar of bars) console.log(`${isMet ? 'Met' : 'Not met'}: p99 below ${bar} ms at ${rate} a second.`);
process.exitCode = isKept && isMet ? 0 : 1;
