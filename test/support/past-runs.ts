import type { EntityType } from '../../src/domain/entities.ts';
import { startCursor } from '../../src/domain/paging.ts';
import { owner } from './mirror.ts';
import type { TestMirror } from './mirror.ts';

/** A row of the mirror; what is left out is null or empty. */
export interface StoredRow {
  readonly id: string;
  readonly parent?: string;
  readonly payload?: object;
  readonly isDeleted?: boolean;
}

export async function storeRows(
  mirror: TestMirror,
  entity: EntityType,
  rows: readonly StoredRow[],
  workspaceId = owner.workspaceId,
): Promise<void> {
  for (const { id, parent = null, payload = {}, isDeleted = false } of rows) {
    await mirror.rows(
      `insert into workspace_data (workspace_id, entity_type, entity_id, parent_id, payload, hash, version, observed_at,
         changed_at, deleted_at)
       values ($1, $2, $3, $4, $5, '', 1, now(), now(), case when $6 then now() end)`,
      [workspaceId, entity, id, parent, payload, isDeleted],
    );
  }
}

/** A run that is over, unless told otherwise, with how its kinds ended. */
export interface PastRun {
  readonly id: string;
  readonly startedAt: string;
  readonly options?: object;
  readonly states: Partial<Record<EntityType, string>>;
  readonly pageSizes?: Partial<Record<EntityType, readonly number[]>>;
  readonly isOver?: boolean;
}

export async function storePastRun(mirror: TestMirror, run: PastRun): Promise<void> {
  const { id, startedAt, options = {}, states, pageSizes = {}, isOver = true } = run;
  const { workspaceId, addonId } = owner;
  await mirror.rows(
    `insert into bootstrap_jobs (workspace_id, run_id, addon_id, status, options, request_id, paused, control_version,
       started_at, finished_at)
     values ($1, $2, $3, 'COMPLETED', $4, 'r', false, 0, $5, case when $6 then now() end)`,
    [workspaceId, id, addonId, options, startedAt, isOver],
  );
  for (const [entity, state] of Object.entries(states)) {
    await mirror.rows('insert into bootstrap_endpoints (workspace_id, run_id, entity, state) values ($1, $2, $3, $4)', [
      workspaceId,
      id,
      entity,
      state,
    ]);
  }
  for (const [entity, sizes] of Object.entries(pageSizes)) {
    for (const [loop, size] of sizes.entries()) {
      await mirror.rows(
        `insert into bootstrap_loops (workspace_id, run_id, entity, loop, cursor, fence, pages, rows, requests, updated_at)
         values ($1, $2, $3, $4, $5, 0, 0, 0, 0, now())`,
        [workspaceId, id, entity, loop, startCursor(size)],
      );
    }
  }
}
