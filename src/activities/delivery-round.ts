import type { DeliveryEffect, DueDelivery } from '../db/deliveries.ts';
import type { EntityType } from '../domain/entities.ts';
import type { AddonError } from '../domain/errors.ts';
import { findTargets } from '../domain/event-targets.ts';
import { buildTargetKey } from '../domain/refetch-target.ts';
import type { RefetchTarget } from '../domain/refetch-target.ts';
import { isWebhookEvent } from '../domain/webhook-events.ts';
import type { Refetched } from './refetch.ts';

/** A delivery on its way through a round: it is done when all its targets are. */
export interface OpenDelivery {
  readonly delivery: DueDelivery;
  readonly entity: EntityType | null;
  readonly entityId: string | null;
  left: number;
  effect: DeliveryEffect;
  error: AddonError | null;
}

/** One fetch, and the deliveries it answers. */
export interface TargetGroup {
  readonly key: string;
  readonly target: RefetchTarget;
  readonly deliveries: OpenDelivery[];
}

export interface Round {
  readonly groups: readonly TargetGroup[];
  /** Deliveries that name nothing that could be fetched. */
  readonly ignored: readonly OpenDelivery[];
}

/** Puts deliveries together that one fetch answers, in the order in which they wait. */
export function groupByTarget(due: readonly DueDelivery[]): Round {
  const groups = new Map<string, TargetGroup>();
  const ignored: OpenDelivery[] = [];
  for (const delivery of due) {
    const { targets, open } = openDelivery(delivery);
    if (targets.length === 0) ignored.push(open);
    for (const target of targets) {
      const key = buildTargetKey(target);
      const group = groups.get(key) ?? { key, target, deliveries: [] };
      groups.set(key, group);
      group.deliveries.push(open);
    }
  }
  return { groups: [...groups.values()], ignored };
}

function openDelivery(delivery: DueDelivery): { targets: readonly RefetchTarget[]; open: OpenDelivery } {
  const found = isWebhookEvent(delivery.event) ? findTargets(delivery.event, delivery.ids) : null;
  const targets = found?.targets ?? [];
  const effect = targets.length === 0 ? 'ignored' : 'unchanged';
  const about = { entity: found?.entity ?? null, entityId: found?.id ?? null };
  return { targets, open: { delivery, ...about, left: targets.length, effect, error: null } };
}

/** Notes what a fetch did; of a list only what became of the delivery's own entity counts. */
export function noteFetched(open: OpenDelivery, { by, entity }: RefetchTarget, { changed, deleted }: Refetched): void {
  const { entityId } = open;
  const isOwn = (ids: readonly string[]): boolean =>
    by === 'parent' || entityId === null ? ids.length > 0 : ids.includes(entityId);
  const isGone = entity === open.entity && entityId !== null && deleted.includes(entityId);
  if (isGone) open.effect = 'deleted';
  else if (open.effect !== 'deleted' && (isOwn(changed) || isOwn(deleted))) open.effect = 'changed';
  open.left -= 1;
}
