import type { InstallResult } from '../../../simulator/platform/requests.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { impatient, newestAddonId, sendInstalled, untilStatus } from './installation.ts';
import { onePageEach } from './steps.ts';

const repeats = 50;

/** The same INSTALLED comes as often as told, all at once. */
async function repeatInstalled(scene: Scene, installed: InstallResult): Promise<void> {
  const answers = await Promise.all(Array.from({ length: repeats }, () => sendInstalled(scene, installed)));
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
