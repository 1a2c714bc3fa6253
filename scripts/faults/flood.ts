// Deliveries of one workspace that is a burden to the others: a process of its own, so that it keeps nobody waiting who
// measures beside it.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAcknowledged } from '../../simulator/webhooks/delivery.ts';

/** What is sent: turns of one large body and many small ones, each the only one of its kind, and some that are no JSON. */
export interface FloodPlan {
  /** Where the deliveries go, in turn. */
  readonly urls: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly turns: number;
  readonly turnMs: number;
  /** What each body holds besides. */
  readonly row: object;
  readonly largeBytes: number;
  readonly smallInTurn: number;
  readonly broken: number;
}

export interface FloodResult {
  /** How often each status came; 0 stands for no answer. */
  readonly statuses: Readonly<Record<string, number>>;
  /** SHA-256 in hexadecimal of the bodies that were answered 2xx. */
  readonly acknowledged: readonly string[];
}

async function flood(plan: FloodPlan): Promise<FloodResult> {
  const { urls, headers, turns, turnMs, row, largeBytes, smallInTurn, broken } = plan;
  const statuses: Record<string, number> = {};
  const acknowledged = new Set<string>();
  const underWay: Promise<void>[] = [];
  const filler = 'x'.repeat(largeBytes);

  async function post(body: string): Promise<void> {
    const url = urls[underWay.length % urls.length] as string;
    const response = await fetch(url, { method: 'POST', headers, body }).catch(() => null);
    await response?.arrayBuffer().catch(() => null);
    const status = response?.status ?? 0;
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (isAcknowledged(status)) acknowledged.add(createHash('sha256').update(body).digest('hex'));
  }

  const startedAt = performance.now();
  for (let one = 0; one < broken; one++) underWay.push(post('{"id":'));
  for (let turn = 0; turn < turns; turn++) {
    underWay.push(post(JSON.stringify({ ...row, turn, filler })));
    for (let one = 0; one < smallInTurn; one++) underWay.push(post(JSON.stringify({ ...row, turn, one })));
    await sleep(Math.max(0, startedAt + (turn + 1) * turnMs - performance.now()));
  }
  await Promise.all(underWay);
  return { statuses, acknowledged: [...acknowledged] };
}

process.on('message', (plan: FloodPlan) => {
  void flood(plan).then((result) => process.send?.(result));
});
