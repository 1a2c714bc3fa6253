import type { Fault } from '../../../simulator/faults/types.ts';
import type { EntityType } from '../../../simulator/world/types.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import { installUnder, onePageEach, untilEnded } from './steps.ts';

/** A family that Clockify closes; one request for each of its page loops tells. */
const closed = (moment: string, fault: Fault): FaultCell => ({
  moment,
  begins: 'cold',
  inject: (scene) => installUnder(scene, { ...fault, operationId: 'getTasks' }),
  accept: {
    ends: ['COMPLETED_WITH_WARNINGS'],
    check: ({ stack, workspaceId }) => {
      const { getTasks = {} } = stack.simulator.ledger(workspaceId).operations;
      const asked = Object.values(getTasks).reduce((sum, count) => sum + count, 0);
      return asked > onePageEach ? [`the closed list was asked for ${asked} times`] : [];
    },
  },
});

const parentsVanish: FaultCell = {
  moment: 'projects are deleted while their tasks are read',
  begins: 'cold',
  async inject(scene) {
    const { simulator } = scene.stack;
    await installUnder(scene, { kind: 'latency', ms: 100, operationId: 'getTasks' });
    await scene.until(() =>
      simulator.requests(scene.workspaceId).some(({ operationId }) => operationId === 'getTasks'),
    );
    const projects = simulator.rows(scene.workspaceId, 'projects').slice(-5);
    simulator.mutate(scene.workspaceId, { entity: 'projects', remove: projects.map(({ id }) => String(id)) });
    simulator.clearFaults(scene.workspaceId);
  },
  accept: { reruns: true },
};

/** More than a run of this size lasts. */
const churnMs = 20_000;

const churn = (entity: EntityType): FaultCell => ({
  moment: `ten changes a second in ${entity}`,
  begins: 'cold',
  async inject(scene) {
    const fault = { kind: 'churn', entity, perSecond: 10, durationMs: churnMs } as const;
    await installUnder(scene, fault);
    await untilEnded(scene);
  },
  // A list that shows that it changed is read up to three times, on purpose.
  accept: { reruns: true, refetched: Infinity },
});

const operationId = 'getTimeEntries';

const odd = (moment: string, fault: Fault, accept: FaultCell['accept'] = {}): FaultCell => ({
  moment,
  begins: 'cold',
  inject: (scene) => installUnder(scene, { operationId, ...fault }),
  accept,
});

/** As long as it lasts the list is no proof; when it has passed, the next run is. */
const lying = (moment: string, fault: Fault): FaultCell => ({
  ...odd(moment, fault),
  async inject(scene) {
    await installUnder(scene, { operationId, ...fault });
    await untilEnded(scene);
    const [run] = await scene.runs();
    if (run?.status === 'COMPLETED') throw new Error('a list that contradicts itself was taken as complete');
  },
  accept: { reruns: true, refetched: Infinity },
});

export const listRows: readonly FaultRow[] = [
  {
    row: 34,
    fault: 'a family is closed',
    cells: [
      closed('401, a scope is missing', { kind: 'scope-missing' }),
      closed('402, the plan lacks it', { kind: 'feature-gated', status: 402 }),
      closed('403, it is switched off', { kind: 'feature-gated', status: 403 }),
    ],
  },
  { row: 35, fault: 'parents vanish', cells: [parentsVanish] },
  {
    row: 36,
    fault: 'a list changes while it is read',
    cells: [churn('time_entries'), churn('projects'), churn('tasks'), churn('invoices'), churn('tags')],
  },
  {
    row: 37,
    fault: 'odd lists',
    cells: [
      odd('the page size shrinks twice', {
        kind: 'page-size-cap',
        steps: [
          { after: 4, size: 20 },
          { after: 8, size: 10 },
        ],
      }),
      odd('a page size is refused', { kind: 'page-size-cap', refuse: true, steps: [{ after: 2, size: 10 }] }),
      odd('a page comes twice', { kind: 'page-repeated', page: 3, times: 1 }, { refetched: 1 }),
      odd('an empty page in the middle', { kind: 'page-empty', page: 3, times: 1 }, { refetched: 1 }),
      odd('rows of the page before', { kind: 'rows-duplicated', rows: 2, times: 1 }, { refetched: Infinity }),
      lying('the same page for ever', { kind: 'page-ignored' }),
      lying('Last-Page says true too early', { kind: 'last-page-lies', claim: true }),
      lying('Last-Page never says true', { kind: 'last-page-lies', claim: false }),
      lying('rows are kept back', { kind: 'rows-hidden', every: 3 }),
    ],
  },
];
