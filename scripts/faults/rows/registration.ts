import type { EventState } from '../../../src/domain/webhook-states.ts';
import type { WebhookSettings } from '../../../simulator/webhooks/settings.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { holdAny, untilEnded } from './steps.ts';

const cap = 5;
const declared = 20;
const all = 51;

/** Installs with the workers standing still, so that Clockify is as told before the first webhook is asked for. */
async function installWith(scene: Scene, settings: Partial<WebhookSettings>): Promise<void> {
  const { workers, simulator } = scene.stack;
  workers.forEach((worker) => worker.suspend());
  await scene.install();
  simulator.setWebhooks(scene.workspaceId, settings);
  workers.forEach((worker) => worker.resume());
}

interface EventRow {
  readonly event: string;
  readonly state: EventState;
}

/** The state that the others have, where Clockify has a webhook of ours for so many events. */
const judgeCoverage = (wanted: number, otherwise: EventState | null) => async (scene: Scene) => {
  const { stack, workspaceId } = scene;
  const hooks = stack.simulator.hooks(workspaceId).map(({ hook }) => hook.webhookEvent);
  const rows = await stack.rows<EventRow>('select event, state from webhook_event_states where workspace_id = $1', [
    workspaceId,
  ]);
  const open = rows.filter(({ state }) => state === 'adopted' || state === 'registered').map(({ event }) => event);
  const others = [...new Set(rows.filter(({ event }) => !open.includes(event)).map(({ state }) => state))];
  const expected = otherwise === null ? [] : [otherwise];
  return [
    ...(hooks.length === new Set(hooks).size ? [] : [`${hooks.length} webhooks for ${new Set(hooks).size} events`]),
    ...(hooks.length === wanted ? [] : [`${hooks.length} webhooks, ${wanted} expected`]),
    ...(open.toSorted().join() === hooks.toSorted().join() ? [] : ['the coverage is not what Clockify holds']),
    ...(others.join() === expected.join() ? [] : [`the others are ${others.join()}, ${expected.join()} expected`]),
  ];
};

const refused = (
  moment: string,
  settings: Partial<WebhookSettings>,
  wanted: number,
  otherwise: EventState,
): FaultCell => ({
  moment,
  begins: 'cold',
  async inject(scene) {
    await installWith(scene, settings);
    await untilEnded(scene);
  },
  accept: { check: judgeCoverage(wanted, otherwise) },
});

const answerLost: FaultCell = {
  moment: 'kill -9 of the worker after POST, before its answer is stored',
  begins: 'cold',
  async inject(scene) {
    const { workers } = scene.stack;
    const markers = ['insert into webhook_registrations'];
    const storing = holdAny(scene, workers, 'postgres', { markers, side: 'request' });
    await installWith(scene, { open: true });
    const { owner } = await storing;
    await owner.stop('SIGKILL');
    owner.postgres.cut();
    await owner.start();
    const covered = `select from webhook_event_states
      where workspace_id = $1 and state in ('adopted', 'registered')`;
    const isCovered = async (): Promise<boolean> =>
      (await scene.stack.rows(covered, [scene.workspaceId])).length === all;
    await scene.until(isCovered, 180_000);
    await untilEnded(scene);
  },
  accept: { check: judgeCoverage(all, null) },
};

export const registrationRows: readonly FaultRow[] = [
  {
    row: 62,
    fault: 'the other webhooks cannot be registered',
    cells: [
      refused(`Clockify allows ${cap}`, { open: true, cap }, declared + cap, 'cap_reached'),
      refused('the family is closed to add-ons', { open: false }, declared, 'not_accessible'),
      answerLost,
    ],
  },
];
