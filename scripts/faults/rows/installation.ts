import type { InstallResult } from '../../../simulator/platform/requests.ts';
import type { Scene } from '../scene.ts';
import type { StackOptions } from '../parts.ts';

/** The worker that tries doubted tokens within seconds instead of minutes. */
export const impatient: StackOptions = { workerEntry: 'test/impatient-worker.mts' };
export const purgeLimitMs = 120_000;

/** `gone` without an installation, `unknown` while Postgres is away. */
async function statusOf({ stack }: Scene, addonId: string): Promise<string> {
  const sql = 'select status from installations where addon_id = $1';
  const rows = await stack.rows<{ status: string }>(sql, [addonId]).catch(() => null);
  return rows === null ? 'unknown' : (rows[0]?.status ?? 'gone');
}

export const untilStatus = (scene: Scene, addonId: string, status: string): Promise<void> =>
  scene.until(async () => (await statusOf(scene, addonId)) === status, purgeLimitMs);

export const newestAddonId = ({ calls }: Scene): string =>
  calls.findLast(({ event }) => event === 'INSTALLED')?.addonId ?? '';

/** Posts what Clockify sent, or would have sent, at the install. */
export function sendInstalled({ stack }: Scene, installed: InstallResult): Promise<Response> {
  const { workspaceId, addonId, addonUserId, ownerId, installationToken, webhooks } = installed;
  const body = JSON.stringify({
    workspaceId,
    addonId,
    addonUserId,
    asUser: ownerId,
    authToken: installationToken,
    apiUrl: `${stack.simulator.url}/api`,
    webhooks: webhooks.map(({ path, authToken }) => ({ path, webhookType: 'ADDON', authToken })),
  });
  const token = stack.simulator.mintToken('lifecycle', workspaceId, { addonId });
  const headers = { 'content-type': 'application/json', 'x-addon-lifecycle-token': token };
  return fetch(`${stack.baseUrl}/lifecycle/installed`, { method: 'POST', headers, body });
}
