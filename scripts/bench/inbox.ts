// How long the inbox takes to list the deliveries of a workspace that has a million of them.
import { parseArgs } from 'node:util';
import { deliveryStates } from '../../src/domain/inbox.ts';
import type { InboxPage } from '../../src/domain/inbox.ts';
import { webhookEvents } from '../../src/domain/webhook-events.ts';
import { formatNumber, formatTable } from '../demo/text-table.ts';
import { percentile } from './percentile.ts';
import { openStage } from './webhooks-stage.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, calls: { type: 'string', default: '200' } },
});
const rows = Number(values.rows);
const calls = Number(values.calls);
const barMs = 200;
const days = 90;

/** Spread over the days of the retention; one in a hundred failed, waits or was no JSON, and the rarest event is rare. */
const fillSql = `
with filled as (
  insert into webhook_events (workspace_id, addon_id, event, body_hash, window_start, raw, body, headers, received_at,
    last_received_at, due_at, processed_at, state, effect, entity_type, entity_id)
  select $1, $2, case when n % 10000 = 0 then 'TAG_DELETED' else ($3::text[])[1 + n % 40] end, sha256(n::text::bytea),
    at, convert_to(body::text, 'UTF8'), body, '{"content-type": "application/json"}', at, at, at,
    case state when 'processed' then at + interval '300 ms' end, state, case state when 'processed' then 'changed' end,
    'time_entries', lpad(to_hex(n), 24, '0')
  from generate_series(1, $4::int) n,
    lateral (select now() - n * (interval '${days} days' / $4::int) as at,
      jsonb_build_object('id', lpad(to_hex(n), 24, '0'), 'description', repeat('x', 300)) as body,
      case n % 300 when 0 then 'parked' when 1 then 'quarantined' when 2 then 'received' else 'processed' end as state) r
  returning 1)
select count(*) from filled`;

/** As in the query of the address. */
type Filter = Readonly<Record<string, string>>;

const ago = (share: number): string => new Date(Date.now() - share * days * 86_400_000).toISOString();

const filters: readonly { readonly name: string; readonly filter: Filter }[] = [
  { name: 'none', filter: {} },
  ...deliveryStates.map((state) => ({ name: state, filter: { state } })),
  { name: 'a frequent event', filter: { event: 'NEW_TIME_ENTRY' } },
  { name: 'a rare event', filter: { event: 'TAG_DELETED' } },
  { name: 'an event that never came', filter: { event: 'COST_RATE_UPDATED' } },
  { name: 'a rare event that failed', filter: { event: 'TAG_DELETED', state: 'parked' } },
  { name: 'a week, long ago', filter: { from: ago(0.8), to: ago(0.72) } },
  { name: 'what failed in half of the time', filter: { state: 'parked', from: ago(0.75), to: ago(0.25) } },
];

/** Milliseconds of each call: pages one after the other, and from the start again after the last. */
async function measure(port: number, token: string, filter: Filter): Promise<number[]> {
  const waits: number[] = [];
  let cursor: string | null = null;
  while (waits.length < calls) {
    const query = new URLSearchParams(cursor === null ? filter : { ...filter, cursor }).toString();
    const startedAt = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/ui/webhooks?${query}`, {
      headers: { 'x-addon-token': token },
    });
    const page = (await answer.json()) as InboxPage;
    waits.push(performance.now() - startedAt);
    if (answer.status !== 200) throw new Error(`the list was answered with ${answer.status}`);
    cursor = page.next;
  }
  return waits.toSorted((a, b) => a - b);
}

const stage = await openStage(1);
const table = [['Filter', 'p50', 'p95', 'Longest']];
let slowest = 0;
try {
  const [viewer] = stage.viewers;
  if (viewer === undefined) throw new Error('nothing is installed');
  const { workspaceId, addonId } = viewer.owner;
  const filled = await stage.count(fillSql, [workspaceId, addonId, webhookEvents.slice(0, 40), rows]);
  const { port } = await stage.serve('api');
  // A server that has just started is slow for a second.
  await measure(port, viewer.token, {});
  for (const { name, filter } of filters) {
    const waits = await measure(port, viewer.token, filter);
    slowest = Math.max(slowest, percentile(waits, 0.95));
    table.push([name, ...[0.5, 0.95, 1].map((share) => `${percentile(waits, share).toFixed(1)} ms`)]);
  }
  console.log(`${formatNumber(filled)} deliveries of one workspace, ${calls} calls for each filter, page by page`);
} finally {
  await stage.close();
}
console.log(formatTable(table, [1, 2, 3]).join('\n'));
const isMet = slowest < barMs;
console.log(`${isMet ? 'Met' : 'Not met'}: p95 below ${barMs} ms.`);
process.exitCode = isMet ? 0 : 1;
