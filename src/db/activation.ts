import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import type { SettingValues } from './installation.entity.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/**
 * The proven token takes effect, and any other installation of the workspace ends. Returns the add-on ids of those.
 * An installation that was removed while its token was being proven changes nothing.
 */
export async function activatePending(orm: MikroORM, { workspaceId, addonId }: InstallationRef): Promise<string[]> {
  return withWorkspace(orm, workspaceId, async (em) => {
    const waiting = await query(
      em,
      `select from installations where workspace_id = $1 and addon_id = $2 and pending_token is not null
         and status in ('pending_probe', 'active', 'inactive') for update`,
      [workspaceId, addonId],
    );
    if (waiting.length === 0) return [];
    const superseded = await query<{ addon_id: string }>(
      em,
      `update installations set status = 'superseded', updated_at = clock_timestamp()
       where workspace_id = $1 and addon_id <> $2 and status in ('active', 'inactive')
       returning addon_id`,
      [workspaceId, addonId],
    );
    await query(
      em,
      `update installations set token = pending_token, token_digest = pending_token_digest, pending_token = null,
         pending_token_digest = null, updated_at = clock_timestamp(),
         status = case when status = 'pending_probe' then 'active' else status end
       where workspace_id = $1 and addon_id = $2`,
      [workspaceId, addonId],
    );
    return superseded.map((row) => row.addon_id);
  });
}

/** Clockify does not accept the token: it is forgotten, and what was active stays. */
export async function discardPending(orm: MikroORM, { workspaceId, addonId }: InstallationRef): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `update installations set pending_token = null, pending_token_digest = null, updated_at = clock_timestamp(),
         status = case when status = 'pending_probe' then 'superseded' else status end
       where workspace_id = $1 and addon_id = $2 and pending_token is not null`,
      [workspaceId, addonId],
    ),
  );
}

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
