import type { MikroORM } from '@mikro-orm/postgresql';
import type { SettingValues } from '../db/installation.entity.ts';
import { applyDeleted, applyInstalled, applySettingsUpdated, applyStatusChanged } from '../db/lifecycle.ts';
import type { Effect, InstalledCall, Told } from '../db/lifecycle.ts';
import type { InstallationRef } from '../domain/contract.ts';

/** A verified lifecycle call as plain data, so that it can wait in the spool. */
export type LifecycleCall = { readonly requestId: string } & (
  | ({ readonly event: 'installed' } & InstalledCall)
  | ({ readonly event: 'status-changed'; readonly status: 'active' | 'inactive' } & Told)
  | ({ readonly event: 'settings-updated'; readonly values: SettingValues } & Told)
  | ({ readonly event: 'deleted' } & InstallationRef)
);

/** Stores the effect of a call; doing it twice has the effect of once. */
export function applyLifecycleCall(orm: MikroORM, call: LifecycleCall): Promise<Effect> {
  switch (call.event) {
    case 'installed':
      return applyInstalled(orm, call, call.requestId);
    case 'status-changed':
      return applyStatusChanged(orm, call, call.requestId);
    case 'settings-updated':
      return applySettingsUpdated(orm, call, call.requestId);
    case 'deleted':
      return applyDeleted(orm, call, call.requestId);
  }
}
