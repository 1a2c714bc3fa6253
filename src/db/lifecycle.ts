import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import { adoptEarlyWebhooks } from './early-webhooks.ts';
import { Installation } from './installation.entity.ts';
import type { InstallationStatus, SettingValues } from './installation.entity.ts';
import { withLifecycleTurn } from './installations.ts';
import { addOutboxMessage } from './outbox.ts';
import { isPurged } from './tombstones.ts';
import { WebhookRegistration } from './webhook-registration.entity.ts';

/** What an INSTALLED call brings once its tokens were verified; tokens are sealed, webhook tokens digested. */
interface NewInstallation extends InstallationRef {
  readonly apiUrl: string;
  readonly reportsUrl: string | null;
  readonly ownerUserId: string;
  readonly asUser: string | null;
  readonly addonUserId: string | null;
  readonly token: string;
  readonly tokenDigest: string;
}

export interface NewWebhook {
  readonly path: string;
  readonly event: string;
  readonly tokenDigest: string;
}

export interface InstalledCall {
  readonly installation: NewInstallation;
  readonly webhooks: readonly NewWebhook[];
}

/** Whether a call changed anything; what changed is on its way to Temporal through the outbox. */
export type Effect = 'changed' | 'unchanged';

const ended: readonly InstallationStatus[] = ['delete_pending', 'superseded'];
const inUse: readonly InstallationStatus[] = ['active', 'inactive'];

/**
 * Stores an installation. A second one of the workspace, or another token for a known one, waits until it was proven by
 * a call to Clockify: nothing that is in use is overwritten here. Throws `conflict` for an installation that was removed,
 * also after nothing of it is left.
 */
export function applyInstalled(
  orm: MikroORM,
  { installation, webhooks }: InstalledCall,
  requestId: string,
): Promise<Effect> {
  return changeInstallation(orm, installation, async (em, existing) => {
    if (await isPurged(em, installation)) throw new AddonError('conflict', 'The installation was removed for good.');
    if (existing === null) await insertInstallation(em, installation);
    else if (!keepPendingToken(existing, installation)) return 'unchanged';
    await registerWebhooks(em, installation, webhooks);
    await adoptEarlyWebhooks(em, installation);
    await addOutboxMessage(em, { ...refOf(installation), event: 'installed', payload: { requestId } });
    return 'changed';
  });
}

/** A change that Clockify told us of; while the database is away it waits, and others overtake it. */
export interface Told extends InstallationRef {
  /** When the call came. ISO 8601. */
  readonly toldAt: string;
}

/**
 * Switches an installation on or off. A suspect that was switched off is none: that is why its token was refused. One
 * that is said to be on is asked again. What came before the call in force has no effect. Throws `not_found`, and
 * `conflict` when it is not in use.
 */
export function applyStatusChanged(
  orm: MikroORM,
  { status, toldAt, ...ref }: Told & { readonly status: 'active' | 'inactive' },
  requestId: string,
): Promise<Effect> {
  return changeInstallation(orm, ref, async (em, existing) => {
    const installation = required(existing);
    if (isOlder(toldAt, installation.statusToldAt)) return 'unchanged';
    installation.statusToldAt = new Date(toldAt);
    if (installation.status === status) return 'unchanged';
    if (installation.status === 'suspect' && status === 'active') {
      await addOutboxMessage(em, { ...refOf(ref), event: 'suspected', payload: { requestId } });
      return 'changed';
    }
    if (![...inUse, 'suspect'].includes(installation.status)) {
      throw new AddonError('conflict', 'The installation is not in use.');
    }
    Object.assign(installation, { status, doubtedAt: null, updatedAt: new Date() });
    await addOutboxMessage(em, { ...refOf(ref), event: 'status-changed', payload: { requestId, status } });
    return 'changed';
  });
}

const isOlder = (toldAt: string, inForce: Date | null | undefined): boolean =>
  inForce !== null && inForce !== undefined && Date.parse(toldAt) < inForce.getTime();

/** Merges settings by their id. What came before the call in force has no effect. Throws `not_found`, and `conflict` for a removed installation. */
export function applySettingsUpdated(
  orm: MikroORM,
  { values, toldAt, ...ref }: Told & { readonly values: SettingValues },
  requestId: string,
): Promise<Effect> {
  return changeInstallation(orm, ref, async (em, existing) => {
    const installation = required(existing);
    if (ended.includes(installation.status)) throw new AddonError('conflict', 'The installation was removed.');
    if (isOlder(toldAt, installation.settingsToldAt)) return 'unchanged';
    installation.settingsToldAt = new Date(toldAt);
    if (Object.entries(values).every(([id, value]) => isSame(installation.settings[id], value))) return 'unchanged';
    Object.assign(installation, { settings: { ...installation.settings, ...values }, updatedAt: new Date() });
    await addOutboxMessage(em, { ...refOf(ref), event: 'settings-updated', payload: { requestId } });
    return 'changed';
  });
}

/**
 * Puts one installation out of use at once and destroys nothing: its token will tell whether Clockify said so. Throws
 * `not_found` for one that was never there.
 */
export function applyDeleted(orm: MikroORM, ref: InstallationRef, requestId: string): Promise<Effect> {
  return changeInstallation(orm, ref, async (em, existing) => {
    if (existing === null && (await isPurged(em, ref))) return 'unchanged';
    const installation = required(existing);
    if (ended.includes(installation.status)) return 'unchanged';
    const now = new Date();
    const doubtedAt = installation.doubtedAt ?? now;
    Object.assign(installation, { status: 'delete_pending', doubtedAt, updatedAt: now });
    await addOutboxMessage(em, { ...refOf(ref), event: 'deleted', payload: { requestId } });
    return 'changed';
  });
}

function changeInstallation(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  change: (em: EntityManager, existing: Installation | null) => Promise<Effect>,
): Promise<Effect> {
  return withLifecycleTurn(orm, workspaceId, async (em) => {
    if ((await em.count(Installation, { workspaceId, kind: 'personal' })) > 0) throw isPersonalCopy();
    return change(em, await em.findOne(Installation, { workspaceId, addonId }));
  });
}

/**
 * Beside another installation it has to prove itself. It waits for that, unless the others were deleted: then it is used
 * at once, and the proof decides which of them goes.
 */
async function insertInstallation(em: EntityManager, installation: NewInstallation): Promise<void> {
  const others = await em.find(Installation, { workspaceId: installation.workspaceId });
  const mustWait = others.some(({ status }) => status === 'suspect' || inUse.includes(status));
  const mustProve = mustWait || others.some(({ status }) => status === 'delete_pending');
  const now = new Date();
  em.create(Installation, {
    ...installation,
    status: mustWait ? 'pending_probe' : 'active',
    ...(mustProve && { pendingToken: installation.token, pendingTokenDigest: installation.tokenDigest }),
    settings: {},
    installedAt: now,
    updatedAt: now,
  });
}

/** False when both tokens of the installation are known already. */
function keepPendingToken(existing: Installation, { token, tokenDigest }: NewInstallation): boolean {
  if (ended.includes(existing.status)) throw new AddonError('conflict', 'The installation was removed.');
  if (existing.tokenDigest === tokenDigest || existing.pendingTokenDigest === tokenDigest) return false;
  Object.assign(existing, { pendingToken: token, pendingTokenDigest: tokenDigest, updatedAt: new Date() });
  return true;
}

/** Digests that are in use stay: who replays an old INSTALLED must not be able to shut out real deliveries. */
async function registerWebhooks(
  em: EntityManager,
  ref: InstallationRef,
  webhooks: readonly NewWebhook[],
): Promise<void> {
  if (webhooks.length === 0) return;
  const rows = webhooks.map((webhook) => ({
    ...webhook,
    ...refOf(ref),
    kind: 'manifest' as const,
    createdAt: new Date(),
  }));
  await em.upsertMany(WebhookRegistration, rows, { onConflictAction: 'ignore' });
}

const isPersonalCopy = (): AddonError =>
  new AddonError('conflict', 'The workspace is copied here with a personal API key, which no add-on replaces.');

function required(installation: Installation | null): Installation {
  if (installation === null) throw new AddonError('not_found', 'The add-on is not installed there.');
  return installation;
}

const refOf = ({ workspaceId, addonId }: InstallationRef): InstallationRef => ({ workspaceId, addonId });

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
