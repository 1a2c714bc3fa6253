import type { Client } from '@temporalio/client';
import type { MikroORM } from '@mikro-orm/postgresql';
import { measureClockSkew } from '../db/clock.ts';
import { loadMigrationVersion } from '../db/migration-version.ts';
import { largestClockSkewSeconds } from '../domain/diagnosis.ts';
import { taskQueue } from '../domain/contract.ts';
import { askTemporal } from './temporal.ts';

interface Check {
  readonly ok: boolean;
  readonly [fact: string]: unknown;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<'database' | 'clock' | 'migrations' | 'temporal' | 'worker', Check>>;
}

export interface ReadinessDeps {
  readonly orm: MikroORM;
  readonly temporal: Client;
  /** Epoch milliseconds. */
  readonly clock?: () => number;
}

const deadlineMs = 2_000;
const cacheMs = 1_000;
/** A worker polls at least every minute. */
const oldestPollSeconds = 120;

/** Asks what the add-on depends on, at most once a second however often it is asked itself. */
export function createReadiness({ orm, temporal, clock: now = Date.now }: ReadinessDeps): () => Promise<Readiness> {
  let latest: { readonly at: number; readonly answer: Promise<Readiness> } | undefined;

  async function check(): Promise<Readiness> {
    const [clock, migrations, frontend, worker] = await Promise.all([
      attempt(checkClock(orm, now)),
      attempt(checkMigrations(orm)),
      attempt(checkTemporal(temporal)),
      attempt(checkWorker(temporal)),
    ]);
    const checks = { database: { ok: 'skewSeconds' in clock }, clock, migrations, temporal: frontend, worker };
    return { ready: Object.values(checks).every(({ ok }) => ok), checks };
  }

  return () => {
    if (latest === undefined || Date.now() - latest.at > cacheMs) latest = { at: Date.now(), answer: check() };
    return latest.answer;
  };
}

/** A check that fails or hangs is red; why stays in here, because anybody may ask. */
async function attempt(check: Promise<Check>): Promise<Check> {
  const { promise: deadline, resolve } = Promise.withResolvers<Check>();
  const timer = setTimeout(() => resolve({ ok: false }), deadlineMs);
  try {
    return await Promise.race([check.catch(() => ({ ok: false })), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

async function checkClock(orm: MikroORM, clock: () => number): Promise<Check> {
  const skewSeconds = Math.abs(await measureClockSkew(orm, clock)) / 1000;
  return { ok: skewSeconds <= largestClockSkewSeconds, skewSeconds: round(skewSeconds) };
}

async function checkMigrations(orm: MikroORM): Promise<Check> {
  const { expected, applied } = await loadMigrationVersion(orm);
  return { ok: applied === expected, expected, applied };
}

async function checkTemporal(client: Client): Promise<Check> {
  await askTemporal(client, deadlineMs, () => client.workflowService.getSystemInfo({}));
  return { ok: true };
}

async function checkWorker(client: Client): Promise<Check> {
  const { namespace } = client.options;
  const { pollers } = await askTemporal(client, deadlineMs, () =>
    client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: 1 }),
  );
  const polls = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0));
  if (polls.length === 0) return { ok: false };
  const pollAgeSeconds = Math.max(0, Date.now() / 1000 - Math.max(...polls));
  return { ok: pollAgeSeconds <= oldestPollSeconds, pollAgeSeconds: round(pollAgeSeconds) };
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;
