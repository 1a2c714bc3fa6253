import type { InstallResult } from '../../../simulator/platform/requests.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { anyNumber, attemptsSince, changeMany, everyEventDeclared, toldOfAll } from './changes.ts';
import { sendInstalled } from './installation.ts';
import { untilEnded } from './steps.ts';

const early = 50;
/** Repeats would come in a day: what is kept aside must do without them. */
const hardlyRepeats = 0.001;
const repeatsSoon = 100;

/** Clockify counts the add-on as installed and tells of changes, but INSTALLED has not come. */
async function tellTooEarly(scene: Scene, speed: number): Promise<InstallResult> {
  const { stack, workspaceId } = scene;
  const installed = await scene.install({ ...everyEventDeclared, deliver: false });
  stack.simulator.setWebhooks(workspaceId, { speed });
  await changeMany(scene, early, early);
  await scene.until(() => attemptsSince(scene, workspaceId, 0).length >= early);
  const accepted = attemptsSince(scene, workspaceId, 0).filter(({ status }) => status !== 503);
  if (accepted.length > 0) throw new Error(`an early delivery was answered ${accepted[0]?.status}`);
  return installed;
}

async function countEarly({ stack, workspaceId }: Scene): Promise<number> {
  const rows = await stack.rows('select from early_webhooks where workspace_id = $1', [workspaceId]);
  return rows.length;
}

const installedLate: FaultCell = {
  moment: `${early} of them, and then it comes`,
  begins: 'cold',
  stack: toldOfAll,
  async inject(scene) {
    const { stack, workspaceId } = scene;
    const installed = await tellTooEarly(scene, hardlyRepeats);
    const kept = await countEarly(scene);
    const answer = await sendInstalled(scene, installed);
    if (answer.status !== 204) throw new Error(`INSTALLED was answered ${answer.status}`);
    await untilEnded(scene, 180_000);
    const processed = `select from webhook_events where workspace_id = $1 and state = 'processed'`;
    await scene.until(async () => (await stack.rows(processed, [workspaceId])).length >= kept);
    stack.simulator.setWebhooks(workspaceId, { speed: repeatsSoon });
    await changeMany(scene, early, early);
  },
  accept: { refetched: anyNumber },
};

const neverInstalled: FaultCell = {
  moment: `${early} of them, and it never comes`,
  begins: 'cold',
  stack: toldOfAll,
  async inject(scene) {
    const { stack, workspaceId } = scene;
    await tellTooEarly(scene, repeatsSoon);
    await stack.simulator.settleDeliveries(workspaceId);
    await stack.rows(`update early_webhooks set received_at = received_at - interval '61 minutes'`);
    await changeMany(scene, 1, 1);
    await stack.simulator.settleDeliveries(workspaceId);
    const kept = await countEarly(scene);
    if (kept !== 1) throw new Error(`${kept} deliveries of nobody are kept after an hour`);
  },
  accept: { ends: 'none' },
};

export const earlyRows: readonly FaultRow[] = [
  { row: 44, fault: 'deliveries come before INSTALLED', cells: [installedLate, neverInstalled] },
];
