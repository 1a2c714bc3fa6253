import type { WebhookEvent } from './webhook-events.ts';

/**
 * How an event stands in one installation. `adopted`: INSTALLED brought its webhook. `registered`: we made one.
 * `not_accessible`: Clockify lets us make none. `cap_reached`: Clockify allows no more. `refused`: Clockify did not take
 * this one. `failed`: nobody knows. `disabled`: there is one, and Clockify has switched it off.
 */
export type EventState =
  'adopted' | 'registered' | 'not_accessible' | 'cap_reached' | 'refused' | 'failed' | 'disabled';

/** What nobody can know of an event but by an answer of Clockify about webhooks. */
const answeredStates: readonly (EventState | null)[] = ['registered', 'cap_reached', 'refused', 'disabled'];

/** Whether Clockify has answered about webhooks before. Elsewhere it is not asked again: live, it opens none to add-ons. */
export const hasAnswered = (events: readonly Pick<EventLine, 'state'>[]): boolean =>
  events.some(({ state }) => answeredStates.includes(state));

export interface EventFinding {
  readonly event: WebhookEvent;
  readonly state: EventState;
  readonly reason: string | null;
}

/** How an event stands, as far as somebody looked; `at` is ISO 8601 in UTC. */
export interface EventLine {
  readonly event: WebhookEvent;
  /** Null: nobody has tried. */
  readonly state: EventState | null;
  readonly reason: string | null;
  readonly at: string | null;
}

/** The feeds of changes that Clockify has, by what they tell. */
export const changeFeeds = ['created', 'updated', 'deleted'] as const;

export type ChangeFeed = (typeof changeFeeds)[number];

/** `failed`: it was asked, and gave no usable answer. */
export type FeedState = 'works' | 'refused' | 'failed';

export interface FeedFinding {
  readonly feed: ChangeFeed;
  readonly state: FeedState;
  readonly reason: string | null;
}

export interface FeedLine {
  readonly feed: ChangeFeed;
  /** Null: nobody has asked. */
  readonly state: FeedState | null;
  readonly reason: string | null;
  readonly at: string | null;
}

/** Whether its deliveries come. */
export const isOpen = ({ state }: Pick<EventLine, 'state'>): boolean => state === 'adopted' || state === 'registered';

/** Whether Clockify has a webhook for it, be it switched off. */
export function hasWebhook<Line extends Pick<EventLine, 'state'>>(line: Line): line is Line & { state: EventState } {
  return isOpen(line) || line.state === 'disabled';
}
