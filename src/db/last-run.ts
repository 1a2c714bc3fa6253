import type { MikroORM } from '@mikro-orm/postgresql';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { EntityType } from '../domain/entities.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

export interface LastRun {
  readonly options: BootstrapOptions;
  /** Kinds that failed or whose copy is not proven. */
  readonly unread: readonly EntityType[];
}

/** The newest run of an installation; null when there was none. */
export async function findLastRun(orm: MikroORM, { workspaceId, addonId }: InstallationRef): Promise<LastRun | null> {
  const rows = await withWorkspace(orm, workspaceId, (em) =>
    query<LastRun>(
      em,
      `select j.options, array(select e.entity from bootstrap_endpoints e
           where e.workspace_id = j.workspace_id and e.run_id = j.run_id
             and (e.state = 'failed' or e.state = 'read' and not e.complete) order by e.entity) as unread
       from bootstrap_jobs j where j.workspace_id = $1 and j.addon_id = $2 order by j.started_at desc limit 1`,
      [workspaceId, addonId],
    ),
  );
  return rows[0] ?? null;
}
