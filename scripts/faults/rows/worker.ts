import type { FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';

/** One page for each of the eight page loops. */
const onePageEach = 8;

const killWorker = ({ stack }: Scene): Promise<void> => stack.workers[0].stop('SIGKILL');

/** The statement that stores a page. */
const pageStatement = 'insert into bootstrap_pages';

export const workerRows: readonly FaultRow[] = [
  {
    row: 1,
    fault: 'kill -9 of a worker',
    cells: [
      {
        moment: 'while fetching a page',
        isMixable: true,
        async inject(scene) {
          const { simulator } = scene.stack;
          const held = simulator.addFault(scene.workspaceId, { kind: 'latency', ms: 5_000, times: onePageEach });
          await scene.until(() => simulator.requests(scene.workspaceId).some(({ status }) => status === null));
          await killWorker(scene);
          simulator.clearFaults(scene.workspaceId, held);
        },
        accept: { refetched: onePageEach },
      },
      {
        moment: 'after the fetch, before the commit',
        isMixable: true,
        async inject(scene) {
          await scene.stack.workers[0].postgres.hold({ markers: [pageStatement], side: 'request' }, scene.over);
          await killWorker(scene);
          scene.stack.workers[0].postgres.cut();
        },
        accept: { refetched: onePageEach },
      },
      {
        moment: 'after the commit, before anybody hears of it',
        isMixable: true,
        async inject(scene) {
          const moment = { markers: [pageStatement, 'commit'], side: 'answer' } as const;
          await scene.stack.workers[0].postgres.hold(moment, scene.over);
          await killWorker(scene);
          scene.stack.workers[0].postgres.cut();
        },
        accept: { refetched: onePageEach },
      },
    ],
  },
];
