import type { InstallResult } from '../../../simulator/platform/requests.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { impatient, newestAddonId, untilStatus } from './installation.ts';
import { onePageEach } from './steps.ts';

const repeats = 50;

/** Posts what Clockify sent at the install, as often as told, all at once. */
async function repeatInstalled({ stack }: Scene, installed: InstallResult): Promise<void> {
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
  const send = (): Promise<Response> =>
    fetch(`${stack.baseUrl}/lifecycle/installed`, { method: 'POST', headers, body });
  const answers = await Promise.all(Array.from({ length: repeats }, send));
  const refused = answers.filter(({ ok }) => !ok);
  if (refused.length > 0) throw new Error(`${refused.length} of ${repeats} were refused`);
}

const pagesBefore = 20;

/** A new installation begins at the beginning: it reads again what the old one had read, and what was on its way. */
const readByTheOld = pagesBefore + 3 * onePageEach;

const reinstall = (
  moment: string,
  act: (scene: Scene, old: InstallResult) => Promise<unknown>,
  refetched = readByTheOld,
): FaultCell => ({
  moment,
  begins: 'cold',
  stack: impatient,
  async inject(scene) {
    const old = await scene.install();
    await scene.untilPages(pagesBefore);
    await act(scene, old);
    await untilStatus(scene, newestAddonId(scene), 'active');
    if (newestAddonId(scene) !== old.addonId) await untilStatus(scene, old.addonId, 'gone');
  },
  accept: {
    refetched,
    check: async ({ stack, workspaceId }) => {
      const runs = await stack.rows('select from bootstrap_jobs where workspace_id = $1', [workspaceId]);
      return runs.length === 1 ? [] : [`${runs.length} runs`];
    },
  },
});

const reinstalls: readonly FaultCell[] = [
  reinstall('while the old one is being removed', async (scene, { addonId }) => {
    await scene.uninstall({ addonId });
    await scene.install();
  }),
  reinstall('INSTALLED comes before the DELETED of the old one', async (scene, { addonId }) => {
    await scene.uninstall({ addonId, deliver: false });
    await scene.install();
    await scene.uninstall({ addonId });
  }),
  reinstall('the DELETED of the old one is lost', async (scene, { addonId }) => {
    await scene.uninstall({ addonId, deliver: false });
    await scene.install();
  }),
  reinstall(`the same INSTALLED ${repeats} times at once`, repeatInstalled, 0),
];

export const reinstallRows: readonly FaultRow[] = [
  { row: 39, fault: 'an install follows an uninstall', cells: reinstalls },
];
