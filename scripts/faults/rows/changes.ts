import { setTimeout as sleep } from 'node:timers/promises';
import type { InstallResult } from '../../../simulator/platform/requests.ts';
import type { DeliveryAttempt } from '../../../simulator/webhooks/delivery.ts';
import { percentile } from '../../bench/percentile.ts';
import type { Acceptance, FaultCell } from '../fault-row.ts';
import { listAcknowledged } from '../oracles/webhooks.ts';
import type { StackOptions } from '../parts.ts';
import type { Scene } from '../scene.ts';
import { untilEnded } from './steps.ts';

const everyEvent = 51;

/** Clockify accepts a manifest with all of them. */
export const everyEventDeclared = { maxWebhooks: everyEvent, plan: 'ENTERPRISE' } as const;

/** The manifest declares every event, so that whatever changes is told. */
export const toldOfAll: StackOptions = { env: { WEBHOOK_LIMIT: String(everyEvent) } };

/** Clockify repeats after 14 to 70 s; here so many times sooner. */
const usualSpeed = 20;

/** What deliveries name is read again as often as they come. */
export const anyNumber = Number.POSITIVE_INFINITY;

/** Installs, waits for the copy, and lets Clockify repeat sooner. */
async function goLive(scene: Scene, speed = usualSpeed): Promise<void> {
  const { stack, workspaceId } = scene;
  await scene.install(everyEventDeclared);
  stack.simulator.setWebhooks(workspaceId, { speed });
  await untilEnded(scene, 180_000);
}

/** Installs another workspace with the letter in the place of its first, and waits for its copy. */
export async function installBeside({ stack, workspaceId, until }: Scene, letter: string): Promise<InstallResult> {
  const id = `${letter}${workspaceId.slice(1)}`;
  const installed = await stack.simulator.install(`${stack.baseUrl}/manifest`, {
    ...everyEventDeclared,
    profile: 'XS',
    workspaceId: id,
  });
  stack.simulator.setWebhooks(id, { speed: usualSpeed });
  const ended = 'select from bootstrap_jobs where workspace_id = $1 and finished_at is not null';
  await until(async () => (await stack.rows(ended, [id])).length > 0, 180_000);
  return installed;
}

/** Until Clockify has none left to send, and every delivery that was answered 2xx is processed. */
export async function untilProcessed(scene: Scene, workspaceId: string): Promise<void> {
  await scene.stack.simulator.settleDeliveries(workspaceId, 180_000);
  await untilDone(scene, workspaceId, listAcknowledged(scene.stack, workspaceId));
}

/** Until deliveries, each `event:hash`, are stored and processed or put aside. */
export async function untilDone({ stack, until }: Scene, workspaceId: string, keys: readonly string[]): Promise<void> {
  await until(async () => {
    const rows = await stack.rows<{ key: string }>(processedSql, [workspaceId]);
    const done = new Set(rows.map(({ key }) => key));
    return keys.every((key) => done.has(key));
  }, 180_000);
}

const processedSql = `select event || ':' || encode(body_hash, 'hex') as key from webhook_events
  where workspace_id = $1 and state in ('processed', 'quarantined')`;

/** A cell that strikes while changes of a copied workspace are told. */
export const whileTold = (
  moment: string,
  strike: (scene: Scene) => Promise<unknown>,
  { speed = usualSpeed, ...accept }: Acceptance & { readonly speed?: number } = {},
): FaultCell => ({
  moment,
  begins: 'cold',
  stack: toldOfAll,
  async inject(scene) {
    await goLive(scene, speed);
    await strike(scene);
  },
  accept: {
    refetched: anyNumber,
    mayRefuse: true,
    check: ({ stack, workspaceId }) =>
      listAcknowledged(stack, workspaceId).length > 0 ? [] : ['no delivery was answered 2xx'],
    ...accept,
  },
});

const pauseMs = 20;

export const changedKinds = ['tags', 'clients', 'time_entries'] as const;

/** One change that Clockify tells of: now and then a row comes or goes, and a changed one may look as it did before. */
export function changeOnce(scene: Scene): void {
  const { stack, workspaceId, random } = scene;
  const { simulator } = stack;
  const entity = random.pick(changedKinds);
  const world = simulator.world(workspaceId);
  const parentId = entity === 'time_entries' ? String(random.pick(world.list('users'))['id']) : undefined;
  const rows = world.list(entity, parentId);
  const isInsert = entity !== 'time_entries' && (rows.length === 0 || random.below(10) === 0);
  if (isInsert) return void simulator.mutate(workspaceId, { entity, insert: 1 });
  if (rows.length === 0) return changeOnce(scene);
  const key = String(random.pick(rows)['id']);
  if (entity === 'tags' && random.below(10) === 0) return void simulator.mutate(workspaceId, { entity, remove: [key] });
  const text = `${key.slice(-6)} looks ${random.below(100)}`;
  const fields = entity === 'time_entries' ? { description: text } : { name: text };
  simulator.mutate(workspaceId, { entity, ...(parentId !== undefined && { parentId }), update: [{ key, fields }] });
}

/** So many changes, so many a second, unless told to stop before. */
export const changeMany = (scene: Scene, count: number, perSecond: number, signal?: AbortSignal): Promise<void> =>
  keepPace(() => changeOnce(scene), count, perSecond, signal);

/** Does it so many times, so many a second, unless told to stop before. */
export async function keepPace(
  act: (turn: number) => void,
  count: number,
  perSecond: number,
  signal?: AbortSignal,
): Promise<void> {
  const startedAt = Date.now();
  for (let made = 0; made < count && signal?.aborted !== true; await sleep(pauseMs)) {
    const due = Math.min(count, 1 + Math.floor(((Date.now() - startedAt) * perSecond) / 1_000));
    for (; made < due; made++) act(made);
  }
}

/** Attempts at deliveries of a workspace, from that moment on. */
export const attemptsSince = ({ stack: { simulator } }: Scene, workspaceId: string, from: number): DeliveryAttempt[] =>
  simulator.deliveries(workspaceId).flatMap(({ attempts }) => attempts.filter(({ at }) => at >= from));

/** The 99th percentile of what an answer took, in milliseconds; Infinity when none came. */
export function findSlowest(attempts: readonly DeliveryAttempt[]): number {
  const times = attempts.flatMap(({ status, ms }) => (status === null ? [] : [ms])).toSorted((a, b) => a - b);
  return times.length === 0 ? anyNumber : percentile(times, 0.99);
}

/** Throws when an attempt had no answer, or one that blames us. */
export function expectAnswered(attempts: readonly DeliveryAttempt[]): void {
  const failed = attempts.filter(({ status }) => status === null || status >= 500);
  if (failed.length === 0) return;
  const answers = [...new Set(failed.map(({ status, answer }) => `${status ?? 'none'} ${answer}`))].slice(0, 3);
  throw new Error(`${failed.length} of ${attempts.length} attempts failed: ${answers.join(', ')}`);
}
