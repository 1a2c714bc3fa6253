import { setTimeout as sleep } from 'node:timers/promises';
import type { InstallOptions, InstallResult, UninstallOptions } from '../../simulator/platform/requests.ts';
import type { RunStatus } from '../../src/domain/bootstrap-status.ts';
import type { Random } from './random.ts';
import type { Stack } from './stack.ts';

export interface LifecycleRecord {
  readonly event: 'INSTALLED' | 'STATUS_CHANGED' | 'DELETED';
  readonly addonId: string;
  /** The add-on's HTTP status; null when no answer came. */
  readonly status: number | null;
  /** Of the installation that an answered call leaves behind. */
  readonly leaves: 'active' | 'inactive' | 'deleted';
  /** The installation token that INSTALLED brought. */
  readonly token?: string;
  /** Epoch milliseconds of the answer. */
  readonly at: number;
}

export interface RunRow {
  readonly runId: string;
  readonly status: RunStatus;
  readonly isFinished: boolean;
}

interface LoopRow {
  readonly entity: string;
  readonly loop: number;
  readonly pages: number;
  readonly isDone: boolean;
}

/** One workspace of its own under one fault. */
export interface Scene {
  readonly stack: Stack;
  readonly workspaceId: string;
  readonly random: Random;
  /** Bars of time are this many times as long. */
  readonly patience: number;
  readonly calls: LifecycleRecord[];
  /** Aborted when the cell is over: whoever still waits for a moment gives up. */
  readonly over: AbortSignal;
  install(options?: InstallOptions): Promise<InstallResult>;
  setStatus(status: 'ACTIVE' | 'INACTIVE'): Promise<number | null>;
  uninstall(options?: UninstallOptions): Promise<number | null>;
  /** One of our routes, as the owner of the workspace. */
  call(path: string, body?: object): Promise<Response>;
  /** Newest first. */
  runs(): Promise<RunRow[]>;
  /** Of the newest run, the kinds that are being read. */
  loops(): Promise<LoopRow[]>;
  /** Committed in the newest run. */
  pages(): Promise<number>;
  /** True when so many pages are committed; false when the run ended before. */
  untilPages(pages: number): Promise<boolean>;
  until(holds: () => Promise<boolean> | boolean, limitMs?: number): Promise<void>;
}

const pollMs = 50;

export interface SceneOptions extends Pick<Scene, 'stack' | 'workspaceId' | 'random' | 'patience' | 'over'> {}

export function createScene({ stack, workspaceId, random, patience, over }: SceneOptions): Scene {
  const { simulator } = stack;
  const calls: LifecycleRecord[] = [];

  async function until(holds: () => Promise<boolean> | boolean, limitMs = 60_000): Promise<void> {
    for (const end = Date.now() + limitMs; ; await sleep(pollMs)) {
      if (await holds()) return;
      over.throwIfAborted();
      if (Date.now() > end) throw new Error(`still not so after ${limitMs / 1000} s: ${holds.toString()}`);
    }
  }

  /** Null while Postgres is away. */
  const ask = <Row extends object>(sql: string): Promise<Row[] | null> =>
    stack.rows<Row>(sql, [workspaceId]).catch(() => null);

  async function askPatiently<Row extends object>(sql: string): Promise<Row[]> {
    let rows: Row[] | null = null;
    await until(async () => (rows = await ask<Row>(sql)) !== null);
    return rows ?? [];
  }

  const runs = (): Promise<RunRow[]> =>
    askPatiently(`select run_id as "runId", status, finished_at is not null as "isFinished" from bootstrap_jobs
      where workspace_id = $1 order by started_at desc`);

  async function pages(): Promise<number> {
    const [row] = await askPatiently<{ pages: number }>(`select coalesce(sum(pages), 0)::int as pages
      from bootstrap_loops where workspace_id = $1 and run_id = (
        select run_id from bootstrap_jobs where workspace_id = $1 order by started_at desc limit 1)`);
    return row?.pages ?? 0;
  }

  async function record(
    { event, leaves, addonId = newestAddonId() }: Pick<LifecycleRecord, 'event' | 'leaves'> & { addonId?: string },
    call: Promise<{ readonly status: number | null }>,
  ): Promise<number | null> {
    const { status } = await call;
    calls.push({ event, addonId, status, leaves, at: Date.now() });
    return status;
  }

  const newestAddonId = (): string => calls.findLast(({ event }) => event === 'INSTALLED')?.addonId ?? '';

  return {
    stack,
    workspaceId,
    random,
    patience,
    calls,
    over,
    until,
    runs,
    pages,
    async install(options = {}) {
      const workspace = { profile: 'XS', plan: 'ENTERPRISE', ...options, workspaceId } as const;
      const installed = await simulator.install(`${stack.baseUrl}/manifest`, workspace);
      const { status, addonId, installationToken: token } = installed;
      calls.push({ event: 'INSTALLED', addonId, status, leaves: 'active', token, at: Date.now() });
      return installed;
    },
    setStatus: (status) =>
      record(
        { event: 'STATUS_CHANGED', leaves: status === 'ACTIVE' ? 'active' : 'inactive' },
        simulator.setStatus(workspaceId, status),
      ),
    uninstall: (options = {}) =>
      record(
        {
          event: 'DELETED',
          leaves: options.forged === true ? 'active' : 'deleted',
          ...(options.addonId !== undefined && { addonId: options.addonId }),
        },
        simulator.uninstall(workspaceId, options),
      ),
    call(path, body) {
      const { token } = simulator.userToken(workspaceId);
      return fetch(`${stack.baseUrl}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'x-addon-token': token, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(15_000),
      });
    },
    loops: () =>
      askPatiently(`select l.entity, l.loop, l.pages, (l.cursor->>'done')::boolean as "isDone"
        from bootstrap_loops l join bootstrap_endpoints e using (workspace_id, run_id, entity)
        where workspace_id = $1 and e.state = 'reading' and l.run_id = (
          select run_id from bootstrap_jobs where workspace_id = $1 order by started_at desc limit 1)`),
    async untilPages(wanted) {
      let isEnded = false;
      await until(async () => {
        isEnded = (await runs())[0]?.isFinished === true;
        return isEnded || (await pages()) >= wanted;
      });
      return !isEnded;
    },
  };
}
