import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { changeMany, whileTold } from './changes.ts';
import { onePageEach, order } from './steps.ts';

const pauseMs = 3_000;

/** What is sent after the order took effect: at most the pages on their way. */
async function expectSilence(scene: Scene): Promise<void> {
  const { simulator } = scene.stack;
  const atOrder = simulator.ledger(scene.workspaceId).requests;
  await sleep(pauseMs);
  const later = simulator.ledger(scene.workspaceId).requests - atOrder;
  if (later > onePageEach) throw new Error(`${later} requests after the order to stop`);
}

const paused: FaultCell = {
  moment: 'a pause and a resume',
  async inject(scene) {
    await order(scene, 'pause');
    await expectSilence(scene);
    await order(scene, 'resume');
  },
};

const switchedOff: FaultCell = {
  moment: 'in the middle of a run, and on again',
  isMixable: true,
  async inject(scene) {
    await scene.setStatus('INACTIVE');
    await scene.until(async () => (await scene.runs())[0]?.status !== 'RUNNING');
    await expectSilence(scene);
    await scene.setStatus('ACTIVE');
  },
  accept: { mayRefuse: true },
};

const switchedOffLate: FaultCell = {
  moment: 'and the word of it comes three seconds later',
  isMixable: true,
  async inject(scene) {
    scene.stack.front.setMode({ kind: 'slow', delayMs: 3_000 });
    await scene.setStatus('INACTIVE');
    scene.stack.front.setMode({ kind: 'open' });
    await sleep(pauseMs);
    await scene.setStatus('ACTIVE');
  },
  accept: { mayRefuse: true },
};

const toldAround = whileTold('and on again, with changes before, meanwhile and after', async (scene) => {
  await changeMany(scene, 40, 20);
  await scene.setStatus('INACTIVE');
  await changeMany(scene, 40, 20);
  await scene.setStatus('ACTIVE');
  await changeMany(scene, 40, 20);
});

const wrongConfiguration: FaultCell = {
  moment: 'a wrong configuration is pushed',
  async inject(scene) {
    const [, worker] = scene.stack.workers;
    await worker.stop('SIGTERM');
    const refused = await worker.start({ env: { RATE_LIMIT_RPS: 'many' } }).then(
      () => null,
      () => worker.readLog(),
    );
    if (refused === null) throw new Error('a worker started with a wrong configuration');
    if (!refused.includes('RATE_LIMIT_RPS')) throw new Error('the refusal does not name the wrong setting');
  },
};

export const operatorRows: readonly FaultRow[] = [
  { row: 45, fault: 'the add-on is switched off', cells: [switchedOff, switchedOffLate, toldAround] },
  { row: 60, fault: 'errors of an operator', cells: [paused, wrongConfiguration] },
];
