import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import type { InstallationStatus, SettingValues } from './installation.entity.ts';
import { withLifecycleTurn } from './installations.ts';
import { withWorkspace } from './orm.ts';
import { addOutboxMessage } from './outbox.ts';
import { query } from './sql.ts';

/** The answer of Clockify to the pending token with this digest; another one may have taken its place meanwhile. */
export interface ProvenToken {
  readonly digest: string;
  readonly requestId: string;
}

/**
 * The proven token takes effect, a suspect is none any more, and any other installation of the workspace ends: Clockify
 * lets a workspace have one, so those are dead, and their purge is on its way. Returns their add-on ids. An installation
 * that was removed while its token was being proven changes nothing.
 */
export function activatePending(
  orm: MikroORM,
  ref: InstallationRef,
  { digest, requestId }: ProvenToken,
): Promise<string[]> {
  const { workspaceId, addonId } = ref;
  return withLifecycleTurn(orm, workspaceId, async (em) => {
    const waiting = await query<{ status: InstallationStatus }>(
      em,
      `select status from installations where workspace_id = $1 and addon_id = $2 and pending_token_digest = $3
         and status in ('pending_probe', 'active', 'inactive', 'suspect')`,
      [workspaceId, addonId, digest],
    );
    const before = waiting[0]?.status;
    if (before === undefined) return [];
    const superseded = await query<{ addon_id: string }>(
      em,
      `update installations set status = 'superseded', updated_at = clock_timestamp()
       where workspace_id = $1 and addon_id <> $2 and status in ('active', 'inactive', 'suspect', 'delete_pending')
       returning addon_id`,
      [workspaceId, addonId],
    );
    await query(
      em,
      `update installations set token = pending_token, token_digest = pending_token_digest, pending_token = null,
         pending_token_digest = null, doubted_at = null, updated_at = clock_timestamp(),
         status = case when status = 'inactive' then status else 'active' end
       where workspace_id = $1 and addon_id = $2`,
      [workspaceId, addonId],
    );
    if (before === 'suspect' || before === 'pending_probe') await announceActive(em, ref, requestId);
    const addonIds = superseded.map((row) => row.addon_id);
    for (const other of addonIds) await announceEnd(em, { workspaceId, addonId: other }, requestId);
    return addonIds;
  });
}

/** Clockify does not accept the token: it is forgotten, and with its only token an installation ends. */
export async function discardPending(
  orm: MikroORM,
  ref: InstallationRef,
  { digest, requestId }: ProvenToken,
): Promise<void> {
  const { workspaceId, addonId } = ref;
  await withLifecycleTurn(orm, workspaceId, async (em) => {
    const ended = await query(
      em,
      `update installations set status = 'superseded', updated_at = clock_timestamp()
       where workspace_id = $1 and addon_id = $2 and pending_token_digest = $3
         and (status = 'pending_probe' or status = 'active' and token_digest = $3)
       returning addon_id`,
      [workspaceId, addonId, digest],
    );
    if (ended.length > 0) await announceEnd(em, ref, requestId);
    await query(
      em,
      `update installations set pending_token = null, pending_token_digest = null, updated_at = clock_timestamp()
       where workspace_id = $1 and addon_id = $2 and pending_token_digest = $3`,
      [workspaceId, addonId, digest],
    );
  });
}

/** A run of it may wait since it was doubted. */
const announceActive = (
  em: EntityManager,
  { workspaceId, addonId }: InstallationRef,
  requestId: string,
): Promise<void> =>
  addOutboxMessage(em, {
    workspaceId,
    addonId,
    event: 'status-changed',
    payload: { requestId, status: 'active' },
  });

const announceEnd = (em: EntityManager, { workspaceId, addonId }: InstallationRef, requestId: string): Promise<void> =>
  addOutboxMessage(em, { workspaceId, addonId, event: 'superseded', payload: { requestId } });

/** Takes over settings as Clockify has them; values that a later SETTINGS_UPDATED brought win. */
export async function saveSettings(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  values: SettingValues,
): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    query(em, 'update installations set settings = $3::jsonb || settings where workspace_id = $1 and addon_id = $2', [
      workspaceId,
      addonId,
      JSON.stringify(values),
    ]),
  );
}

/** Whether a copy of the workspace was ever begun for this installation. */
export async function hasRun(orm: MikroORM, { workspaceId, addonId }: InstallationRef): Promise<boolean> {
  const runs = await withWorkspace(orm, workspaceId, (em) =>
    query(em, 'select from bootstrap_jobs where workspace_id = $1 and addon_id = $2 limit 1', [workspaceId, addonId]),
  );
  return runs.length > 0;
}
