import { randomBytes } from 'node:crypto';
import type { World } from '../world/types.ts';
import { findManifestProblems } from './manifest-rules.ts';
import { settingsOf, type LifecycleType, type Manifest } from './manifest.ts';
import type { Installation, InstalledWebhook } from './state.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/** The add-on's answer to a lifecycle call; `status` is null when none came. */
export interface LifecycleResult {
  readonly status: number | null;
  readonly ms: number;
}

/** Reads a manifest and checks it against the platform's rules; throws one message that names every problem. */
export async function fetchManifest(manifestUrl: string, plan: string, maxWebhooks?: number): Promise<Manifest> {
  const response = await fetch(manifestUrl, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`The manifest answered ${response.status}.`);
  const manifest = (await response.json()) as Manifest;
  const problems = findManifestProblems(manifest, plan, maxWebhooks);
  if (problems.length > 0) throw new Error(`The manifest is refused: ${problems.join('; ')}.`);
  return manifest;
}

/** Fresh ids and tokens for one add-on on one workspace; nothing is sent yet. */
export function createInstallation(
  manifest: Manifest,
  world: World,
  scopes: readonly string[],
  mint: (kind: 'installation' | 'webhook', addonId: string) => string,
): Installation {
  const addonId = objectId();
  return {
    addonId,
    workspaceId: world.workspaceId,
    addonUserId: objectId(),
    manifest,
    scopes,
    token: mint('installation', addonId),
    webhooks: (manifest.webhooks ?? []).map(({ event, path }) => ({
      event,
      path,
      authToken: mint('webhook', addonId),
    })),
    settings: new Map(settingsOf(manifest).map((setting) => [setting.id, setting.value])),
    status: 'ACTIVE',
    installed: true,
  };
}

/** The documented body of INSTALLED. */
export function installedBody(installation: Installation, asUser: string, origin: string): Record<string, unknown> {
  const { addonId, workspaceId, addonUserId, token, webhooks } = installation;
  return {
    addonId,
    workspaceId,
    authToken: token,
    asUser,
    apiUrl: `${origin}/api`,
    addonUserId,
    webhooks: webhooks.map(presentWebhook),
  };
}

/** Live, the path comes as base, slash and manifest path: the slash is doubled. */
function presentWebhook({ path, authToken }: InstalledWebhook): Record<string, string> {
  return { path: `/${path}`, webhookType: 'ADDON', authToken };
}

/** Posts one lifecycle call to the address the manifest declares for it; null when it declares none. */
export async function postLifecycle(
  manifest: Manifest,
  type: LifecycleType,
  body: unknown,
  token: string,
): Promise<LifecycleResult> {
  const declared = manifest.lifecycle?.find((one) => one.type === type);
  if (declared === undefined) return { status: null, ms: 0 };
  const startedAt = performance.now();
  const status = await post(manifest.baseUrl + declared.path, body, token);
  return { status, ms: Math.round(performance.now() - startedAt) };
}

async function post(url: string, body: unknown, token: string): Promise<number | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-addon-lifecycle-token': token },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      redirect: 'manual',
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}

function objectId(): string {
  return randomBytes(12).toString('hex');
}
