import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import type { InstallationStatus } from './installation.entity.ts';
import { withLifecycleTurn } from './installations.ts';
import { withWorkspace } from './orm.ts';
import { addOutboxMessage } from './outbox.ts';
import { query } from './sql.ts';

/**
 * Clockify refuses the token of an installation that is in use: nothing uses it any more but the probes, which this
 * starts. False when somebody else found it first, or it is not in use.
 */
export function suspectInstallation(orm: MikroORM, ref: InstallationRef, requestId: string): Promise<boolean> {
  return withLifecycleTurn(orm, ref.workspaceId, async (em) => {
    const suspected = await query(
      em,
      `update installations set status = 'suspect', doubted_at = clock_timestamp(), updated_at = clock_timestamp()
       where workspace_id = $1 and addon_id = $2 and status = 'active' returning addon_id`,
      [ref.workspaceId, ref.addonId],
    );
    if (suspected.length === 0) return false;
    const { workspaceId, addonId } = ref;
    await addOutboxMessage(em, { workspaceId, addonId, event: 'suspected', payload: { requestId } });
    return true;
  });
}

/** Where an installation stands that was doubted; null: it is not there any more. */
export interface DoubtedInstallation {
  readonly status: InstallationStatus;
  /** Since the doubt arose, or since its token was last accepted. */
  readonly doubtedForMs: number;
}

/** Database time tells how long, whatever the clock of this machine says. */
export async function findDoubted(orm: MikroORM, ref: InstallationRef): Promise<DoubtedInstallation | null> {
  const rows = await withWorkspace(orm, ref.workspaceId, (em) =>
    query<DoubtedInstallation>(
      em,
      `select status, extract(epoch from clock_timestamp() - coalesce(doubted_at, updated_at))::float8 * 1000 as "doubtedForMs"
       from installations where workspace_id = $1 and addon_id = $2`,
      [ref.workspaceId, ref.addonId],
    ),
  );
  return rows[0] ?? null;
}

/** The token was accepted, which is not yet enough: the time to the purge counts from now on. */
export async function renewDoubt(orm: MikroORM, { workspaceId, addonId }: InstallationRef): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `update installations set doubted_at = clock_timestamp() where workspace_id = $1 and addon_id = $2
         and status in ('delete_pending', 'suspect')`,
      [workspaceId, addonId],
    ),
  );
}

export interface Restoring {
  readonly from: InstallationStatus;
  readonly to: 'active' | 'inactive';
  readonly requestId: string;
}

/**
 * Puts a doubted installation back into use, with nothing lost. Beside another one that is in use it has to prove itself
 * like a new one. False when its status has changed meanwhile.
 */
export function restoreInstallation(
  orm: MikroORM,
  ref: InstallationRef,
  { from, to, requestId }: Restoring,
): Promise<boolean> {
  const { workspaceId, addonId } = ref;
  return withLifecycleTurn(orm, workspaceId, async (em) => {
    const restored = await query<{ status: InstallationStatus }>(
      em,
      `update installations i set doubted_at = null, updated_at = clock_timestamp(),
         status = case when other.exists then 'pending_probe' else $3 end,
         pending_token = case when other.exists then token else pending_token end,
         pending_token_digest = case when other.exists then token_digest else pending_token_digest end
       from (select exists (select from installations where workspace_id = $1 and addon_id <> $2
           and status in ('active', 'inactive'))) other
       where workspace_id = $1 and addon_id = $2 and status = $4
       returning i.status`,
      [workspaceId, addonId, to, from],
    );
    if (restored[0]?.status === 'pending_probe') {
      await addOutboxMessage(em, { workspaceId, addonId, event: 'installed', payload: { requestId } });
    }
    return restored.length > 0;
  });
}
