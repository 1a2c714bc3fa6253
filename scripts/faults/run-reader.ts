import type { RunStatus } from '../../src/domain/bootstrap-status.ts';
import type { Stack } from './stack.ts';

export interface RunRow {
  readonly runId: string;
  readonly status: RunStatus;
  readonly isFinished: boolean;
  /** Begun by the refresh, and not by an install or a person. */
  readonly isRefresh: boolean;
}

interface LoopRow {
  readonly entity: string;
  readonly loop: number;
  readonly pages: number;
  readonly isDone: boolean;
}

/** How far the runs of a workspace are, by the database itself; while Postgres is away each waits for it. */
export interface RunReader {
  /** Newest first. */
  runs(): Promise<RunRow[]>;
  /** Of the newest run, the kinds that are being read. */
  loops(): Promise<LoopRow[]>;
  /** Committed in the newest run. */
  pages(): Promise<number>;
  /** True when so many pages are committed; false when the run ended before. */
  untilPages(pages: number): Promise<boolean>;
}

export type Until = (holds: () => Promise<boolean> | boolean, limitMs?: number) => Promise<void>;

const newestRun = '(select run_id from bootstrap_jobs where workspace_id = $1 order by started_at desc limit 1)';

export function createRunReader(stack: Stack, workspaceId: string, until: Until): RunReader {
  async function ask<Row extends object>(sql: string): Promise<Row[]> {
    let rows: Row[] | null = null;
    await until(async () => (rows = await stack.rows<Row>(sql, [workspaceId]).catch(() => null)) !== null);
    return rows ?? [];
  }

  const runs = (): Promise<RunRow[]> =>
    ask(`select run_id as "runId", status, finished_at is not null as "isFinished",
      request_id like 'refresh-%' as "isRefresh" from bootstrap_jobs
      where workspace_id = $1 order by started_at desc`);

  async function pages(): Promise<number> {
    const [row] = await ask<{ pages: number }>(`select coalesce(sum(pages), 0)::int as pages
      from bootstrap_loops where workspace_id = $1 and run_id = ${newestRun}`);
    return row?.pages ?? 0;
  }

  return {
    runs,
    pages,
    loops: () =>
      ask(`select l.entity, l.loop, l.pages, (l.cursor->>'done')::boolean as "isDone"
        from bootstrap_loops l join bootstrap_endpoints e using (workspace_id, run_id, entity)
        where workspace_id = $1 and e.state = 'reading' and l.run_id = ${newestRun}`),
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
