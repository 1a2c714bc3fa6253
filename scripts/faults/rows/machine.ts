import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { onePageEach } from './steps.ts';

const openFiles = 256;
const callers = 400;
const starvedMs = 15_000;
const smallHeapMiB = 128;

/** Connections that are opened and never say anything. */
async function openSilently(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await sleep(2_000);
  return sockets;
}

const fileExhaustion: FaultCell = {
  moment: `an API that may have ${openFiles} open files, and ${callers} silent callers`,
  async inject(scene) {
    const [api] = scene.stack.apis;
    await api.stop('SIGTERM');
    await api.start({ openFiles });
    const sockets = await openSilently(api.port, callers);
    for (const socket of sockets) socket.destroy();
    await scene.until(() => answers(api.port), 5_000);
    await api.stop('SIGTERM');
  },
  accept: { mayRefuse: true },
};

async function answers(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(1_000) }).catch(
    () => null,
  );
  return response?.status === 200;
}

const smallHeap: FaultCell = {
  moment: `workers with a heap of ${smallHeapMiB} MiB and pages of 5000 rows`,
  begins: 'cold',
  async inject(scene) {
    const { workers } = scene.stack;
    const changes = { flags: [`--max-old-space-size=${smallHeapMiB}`], env: { BOOTSTRAP_PAGE_SIZE: '5000' } };
    for (const worker of workers) {
      await worker.stop('SIGTERM');
      await worker.start(changes);
    }
    await scene.install({ profile: 'S' });
    await scene.untilPages(400);
    const dead = workers.filter((worker) => !worker.isRunning());
    if (dead.length > 0) throw new Error(`${dead.length} workers ran out of memory`);
    await Promise.all(workers.map((worker) => worker.stop('SIGTERM')));
  },
  accept: { refetched: onePageEach },
};

/** As many as there are processors, busy with nothing. */
async function starve(milliseconds: number): Promise<void> {
  const loops = [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  await sleep(milliseconds);
  for (const loop of loops) loop.kill('SIGKILL');
}

const starvation: FaultCell = {
  moment: 'two busy loops beside everything else',
  isMixable: true,
  inject: async (_scene: Scene) => starve(starvedMs),
  accept: { refetched: onePageEach },
};

export const machineRows: readonly FaultRow[] = [
  { row: 25, fault: 'no more open files', cells: [fileExhaustion] },
  { row: 26, fault: 'little memory', cells: [smallHeap] },
  { row: 27, fault: 'little processor time', cells: [starvation] },
];
