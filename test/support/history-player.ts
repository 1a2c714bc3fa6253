import { ownId } from '../../simulator/world/row-key.ts';
import { rowDigest } from '../../simulator/world/truth.ts';
import type { Row, World } from '../../simulator/world/types.ts';
import type { DrainDeps } from '../../src/activities/drain-round.ts';
import { createLastFetches } from '../../src/activities/last-fetches.ts';
import type { WebhookEvent } from '../../src/domain/webhook-events.ts';
import { changingKinds } from './changing-kinds.ts';
import type { ChangingKind } from './changing-kinds.ts';
import type { Change, History, Scan } from './delivery-history.ts';
import { addDeliveries, redeliver } from './due-deliveries.ts';
import { openLiveMirror } from './live-mirror.ts';
import type { LiveMirror } from './live-mirror.ts';
import { startRun, storePage } from './mirror.ts';
import { createStage } from './stage.ts';
import type { Stage } from './stage.ts';

export interface HistoryPlayer {
  /** Plays a history to its end, every change told of; the rows that the mirror then does not hold as Clockify does. */
  play(history: History): Promise<string[]>;
  /** What all histories so far added up to. */
  tally(): { readonly deliveries: number; readonly scans: number; readonly heldAnswers: number };
  close(): Promise<void>;
}

export async function openHistoryPlayer(): Promise<HistoryPlayer> {
  const live = await openLiveMirror({ isUnlimited: true });
  const plan = changingKinds.map(({ entity }) => ({ entity, loops: 1, after: [] }));
  await startRun(live.mirror.orm, { ...live.ref, runId, plan });
  const counts = { deliveries: 0, scans: 0, heldAnswers: 0 };
  let playing: Promise<string[]> = Promise.resolve([]);

  async function play(history: History): Promise<string[]> {
    await live.mirror.rows(`with a as (delete from workspace_data), b as (delete from entity_versions),
      c as (delete from bootstrap_pages), d as (delete from mailboxes) delete from webhook_events`);
    const stage = createStage();
    const played = createPlay(live, stage);
    const differences = await played.play(history);
    counts.deliveries += played.deliveries();
    counts.heldAnswers += stage.heldAnswers();
    counts.scans += history.filter(({ kind }) => kind === 'scan').length;
    return differences;
  }

  return {
    tally: () => counts,
    play: (history) => (playing = play(history)),
    async close() {
      // A time limit leaves the last history behind unfinished.
      await playing;
      await live.close();
    },
  };
}

const runId = 'run-1';

function createPlay(live: LiveMirror, stage: Stage) {
  const { simulator, mirror, ref } = live;
  const world: World = simulator.world(ref.workspaceId);
  const touched = new Map<ChangingKind, Set<string>>(changingKinds.map((kind) => [kind, new Set()]));
  const stored: string[] = [];
  const soon: Promise<unknown>[] = [];
  const last: (() => Promise<unknown>)[] = [];
  /** A run stores one page of a kind at a time. */
  let storing: Promise<unknown> = Promise.resolve();

  /** A thousand times as fast, so that one entity may be fetched again and again. */
  const drain = (changes: Partial<DrainDeps> = {}) =>
    live.drain(
      changes,
      createLastFetches(() => performance.now() * 1_000),
    );

  /** Goes on once the first answer is on its way. */
  async function startDrain(holds: readonly number[]): Promise<void> {
    const { gateway, asked } = stage.delayAnswers(live.drainDeps.gateway, holds);
    const draining = drain(live.through(gateway));
    soon.push(draining);
    await Promise.race([asked, draining]);
  }

  /** Clockify tells of a row, late and several times perhaps. */
  function tell({ of, times, delay }: Change, event: WebhookEvent | undefined, id: string, row: Row): void {
    touched.get(of)?.add(id);
    if (event === undefined) return;
    const delivery = { event, body: of.ids?.(id, row) ?? { id } };
    const deliver = async () =>
      stored.push(
        ...(await addDeliveries(
          mirror,
          ref,
          Array.from({ length: times }, () => delivery),
        )),
      );
    soon.push(stage.after(delay).then(deliver));
  }

  function findParent({ parent }: ChangingKind, pick: number): string | null {
    if (parent === undefined) return null;
    const rows = world.list(parent.entity);
    return String(rows[pick % rows.length]?.['id']);
  }

  function insert(change: Change): void {
    const { of, pick } = change;
    const parentId = findParent(of, pick);
    const { inserted } = simulator.mutate(ref.workspaceId, {
      entity: of.entity,
      insert: 1,
      ...(parentId && { parentId }),
    });
    for (const id of inserted) tell(change, of.created, id, world.find(of.entity, id) ?? {});
  }

  function apply(change: Change): void {
    const { of, verb, pick, content } = change;
    const keys = [...(touched.get(of) ?? [])];
    const key = keys[pick % keys.length];
    if (verb === 'insert' || key === undefined) return insert(change);
    const row = world.find(of.entity, key);
    if (row === undefined) return;
    if (verb === 'remove' && of.deleted !== undefined) {
      simulator.mutate(ref.workspaceId, { entity: of.entity, remove: [key] });
      return tell(change, of.deleted, key, row);
    }
    const parentId = of.parent && String(row[of.parent.at]);
    const update = [{ key, fields: of.contents[content] }];
    simulator.mutate(ref.workspaceId, { entity: of.entity, update, ...(parentId && { parentId }) });
    tell(change, of.updated, key, row);
  }

  async function scan({ of, pick, delay }: Scan): Promise<void> {
    const [clock] = await mirror.rows('select clock_timestamp()::text as now');
    const parent = findParent(of, pick);
    const own = touched.get(of);
    const isOwn = (row: Row) => own?.has(ownId(of.entity, row) ?? '') === true;
    const list = world.list(of.entity, parent ?? undefined);
    const page = [...list.filter(isOwn), ...list.slice(0, 5)];
    const rows = [...new Set(page)].map((row) => ({
      id: ownId(of.entity, row) ?? '',
      parent,
      payload: row,
      hash: rowDigest(row),
    }));
    const loop = { workspaceId: ref.workspaceId, runId, entity: of.entity, loop: 0 };
    const storeOne = () => storePage(mirror.orm, loop, rows, { observedAt: String(clock?.['now']) });
    const store = () => (storing = storing.then(storeOne));
    if (delay === Infinity) last.push(store);
    else soon.push(stage.after(delay).then(store));
  }

  /** Rows that the history touched, or that the mirror holds, and holds otherwise than Clockify. */
  async function compare(): Promise<string[]> {
    const differences = [];
    for (const [{ entity }, keys] of touched) {
      const held = await mirror.rows('select entity_id as id from workspace_data where entity_type = $1', [entity]);
      const wrong = await live.differences(entity, [...keys, ...held.map(({ id }) => String(id))]);
      differences.push(...wrong.map((key) => `${entity} ${key}`));
      for (const key of keys) world.remove(entity, key);
    }
    return differences;
  }

  return {
    deliveries: () => stored.length,
    async play(history: History): Promise<string[]> {
      for (const step of history) {
        stage.step();
        if (step.kind === 'change') apply(step);
        if (step.kind === 'scan') await scan(step);
        if (step.kind === 'repeat') await redeliver(mirror, stored.slice(step.pick, step.pick + 1));
        if (step.kind === 'drain') await startDrain(step.holds);
      }
      stage.end();
      await Promise.all(soon);
      await drain();
      for (const store of last) await store();
      return compare();
    },
  };
}
