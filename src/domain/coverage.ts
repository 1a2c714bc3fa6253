import { entityTypes } from './entities.ts';
import type { EntityType } from './entities.ts';
import { findTargets, idPaths } from './event-targets.ts';
import type { DeliveryIds } from './event-targets.ts';
import { webhookEvents } from './webhook-events.ts';
import type { WebhookEvent } from './webhook-events.ts';
import { hasWebhook, isOpen } from './webhook-states.ts';
import type { EventLine, EventState, FeedLine } from './webhook-states.ts';

/** How changes reach the copy: each by itself, by the feeds of changes, or only when the kind is read again. */
export type CoverageWay = 'push' | 'delta' | 'poll';

export interface EntityCoverage {
  readonly entity: EntityType;
  readonly way: CoverageWay;
  /** For people: a sentence or two. */
  readonly reason: string;
}

/** How changes of one workspace reach the copy, and what this rests on. */
export interface Coverage {
  readonly entities: readonly EntityCoverage[];
  readonly events: readonly EventLine[];
  readonly feeds: readonly FeedLine[];
}

/** Whether events tell of the changes of a kind. */
export const isPushed = ({ entities }: Coverage, entity: EntityType): boolean =>
  entities.some((covered) => covered.entity === entity && covered.way === 'push');

/** The kinds of which the feeds tell, by the names the feeds have for them. */
export const feedTypeOf: Partial<Record<EntityType, string>> = {
  clients: 'CLIENTS',
  projects: 'PROJECTS',
  tags: 'TAGS',
  tasks: 'TASKS',
  assignments: 'SCHEDULED_ASSIGNMENT',
  time_entries: 'TIME_ENTRY',
};

const anyId = '0'.repeat(24);
const everyId = Object.fromEntries(Object.keys(idPaths).map((name) => [name, anyId])) as DeliveryIds;

const entitiesOf = (event: WebhookEvent): readonly EntityType[] => {
  const { entity, targets } = findTargets(event, everyId);
  return [entity, ...targets.map((target) => target.entity)];
};

/** The events that concern a kind. Of the workspace itself only rates are told, so it counts as having none. */
export const eventsAbout = (entity: EntityType): readonly WebhookEvent[] =>
  entity === 'workspace' ? [] : webhookEvents.filter((event) => entitiesOf(event).includes(entity));

/** What Clockify says of no change, although it has events for the kind. */
const silences: Partial<Record<EntityType, string>> = {
  invoices: ' Only a deleted invoice is noticed later, when all are read again.',
  invoice_details: ' Only a deleted invoice is noticed later, when all are read again.',
  invoice_payments: ' Only a deleted invoice is noticed later, when all are read again.',
};

/** How changes of each kind reach the copy: `push` only if every event that concerns it arrives. */
export function planCoverage(events: readonly EventLine[], feeds: readonly FeedLine[]): EntityCoverage[] {
  const lines = new Map(events.map((line) => [line.event, line]));
  const webhooks = events.filter(hasWebhook).length;
  return entityTypes.map((entity) => {
    const concerned = eventsAbout(entity).map((event) => lines.get(event) ?? unknownEvent(event));
    const missing = concerned.filter((line) => !isOpen(line));
    if (concerned.length > 0 && missing.length === 0) {
      return { entity, way: 'push', reason: tellAllArrive(concerned.length) + (silences[entity] ?? '') };
    }
    const why = concerned.length === 0 ? 'Clockify has no event for it.' : tellMissing(missing, concerned, webhooks);
    return { entity, ...chooseWay(entity, feeds, why) };
  });
}

function chooseWay(entity: EntityType, feeds: readonly FeedLine[], why: string): Omit<EntityCoverage, 'entity'> {
  if (feedTypeOf[entity] === undefined) return { way: 'poll', reason: `${why} No feed of changes covers it.` };
  const closed = feeds.filter(({ state }) => state !== 'works');
  if (feeds.length > 0 && closed.length === 0) {
    return { way: 'delta', reason: `${why} Clockify's feeds of changes tell the rest.` };
  }
  const refused = closed.some(({ state }) => state === 'refused');
  return {
    way: 'poll',
    reason: `${why} ${refused ? "Clockify's feeds of changes are closed to the add-on." : "Clockify's feeds of changes did not answer yet."}`,
  };
}

const unknownEvent = (event: WebhookEvent): EventLine => ({ event, state: null, reason: null, at: null });

const tellAllArrive = (count: number): string =>
  count === 1 ? 'The one event that concerns it arrives.' : `All ${count} events that concern it arrive.`;

type MissingState = Exclude<EventState, 'adopted' | 'registered'> | 'untried';

const causes: Record<MissingState, (webhooks: number) => string> = {
  not_accessible: () => 'the add-on may register none itself',
  cap_reached: (webhooks) => `Clockify allows no more than ${webhooks} webhooks here`,
  refused: () => 'Clockify refused to register them',
  failed: () => 'registering them failed, and is tried again',
  disabled: () => 'Clockify has switched their webhooks off',
  untried: () => 'nobody has tried to register them yet',
};

function tellMissing(missing: readonly EventLine[], all: readonly EventLine[], webhooks: number): string {
  const states = [...new Set(missing.map(({ state }) => (state ?? 'untried') as MissingState))];
  const why = states.map((state) => causes[state](webhooks)).join('; ');
  if (all.length === 1) return `The one event that concerns it does not arrive: ${why}.`;
  return `${missing.length} of ${all.length} events ${missing.length === 1 ? 'does' : 'do'} not arrive: ${why}.`;
}

/** One line for each kind, for the details of a workflow; in Markdown. */
export const describeCoverage = (entities: readonly EntityCoverage[]): string =>
  entities.map(({ entity, way, reason }) => `- **${entity.replaceAll('_', ' ')}**: ${way}. ${reason}`).join('\n');
