import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import type { EntityType } from '../domain/entities.ts';
import type { OperatorActionLine, LoggedVerb } from '../domain/operator-orders.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

export interface NewOperatorAction extends InstallationRef {
  /** The same order again adds no second line. */
  readonly orderId: string;
  readonly runId: string | null;
  readonly verb: LoggedVerb;
  readonly entity: EntityType | null;
  readonly actor: string;
  readonly reason: string | null;
  /** What came of it, in a sentence. */
  readonly effect: string;
}

const contentOf = (line: string, before: string): string =>
  `encode(sha256(convert_to(jsonb_build_array(${before}, ${line}.workspace_id, ${line}.addon_id, ${line}.seq,
    ${line}.order_id, ${line}.run_id, ${line}.verb, ${line}.entity, ${line}.actor, ${line}.reason, ${line}.effect,
    ${line}.at at time zone 'utc')::text, 'UTF8')), 'hex')`;

/** Adds a line to the log of orders, chained to the line before it. */
export async function addOperatorAction(em: EntityManager, action: NewOperatorAction): Promise<void> {
  const { workspaceId, addonId, orderId, runId, verb, entity, actor, reason, effect } = action;
  await query(em, `select pg_advisory_xact_lock(hashtextextended('orders:' || $1, 0))`, [workspaceId]);
  await query(
    em,
    `with last as (
       select seq, hash from operator_actions where workspace_id = $1 and addon_id = $2 order by seq desc limit 1
     ), line as (
       select $1 as workspace_id, $2 as addon_id, coalesce((select seq from last), 0) + 1 as seq, $3 as order_id,
         $4 as run_id, $5 as verb, $6 as entity, $7 as actor, $8 as reason, $9 as effect, clock_timestamp() as at
     )
     insert into operator_actions
       (workspace_id, addon_id, seq, order_id, run_id, verb, entity, actor, reason, effect, at, hash)
     select line.*, ${contentOf('line', `(select hash from last)`)} from line
     on conflict (workspace_id, addon_id, order_id) do nothing`,
    [workspaceId, addonId, orderId, runId, verb, entity, actor, reason, effect],
  );
}

/** The newest orders of an installation, newest first. */
export async function loadOperatorActions(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  limit: number,
): Promise<OperatorActionLine[]> {
  const rows = await withWorkspace(orm, workspaceId, (em) =>
    query<OperatorActionLine>(
      em,
      `select seq, at, verb, entity, actor, reason, effect from operator_actions
       where workspace_id = $1 and addon_id = $2 order by seq desc limit $3::int`,
      [workspaceId, addonId, limit],
    ),
  );
  return rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
}

/** The first line whose content is not what its hash says, or that follows a missing one; null when all are whole. */
export async function findBrokenOperatorAction(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
): Promise<number | null> {
  const rows = await withWorkspace(orm, workspaceId, (em) =>
    query<{ seq: number }>(
      em,
      `select seq from (
         select line.*, lag(hash) over (order by seq) as before, row_number() over (order by seq) as place
         from operator_actions line where workspace_id = $1 and addon_id = $2) line
       where place <> seq or hash <> ${contentOf('line', 'line.before')}
       order by seq limit 1`,
      [workspaceId, addonId],
    ),
  );
  return rows[0]?.seq ?? null;
}
