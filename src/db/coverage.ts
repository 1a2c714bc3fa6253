import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { planCoverage } from '../domain/coverage.ts';
import type { Coverage } from '../domain/coverage.ts';
import { webhookEvents } from '../domain/webhook-events.ts';
import { changeFeeds } from '../domain/webhook-states.ts';
import type { EventFinding, EventLine, FeedFinding, FeedLine } from '../domain/webhook-states.ts';
import { ChangeFeedState } from './change-feed-state.entity.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';
import { WebhookEventState } from './webhook-event-state.entity.ts';
import { WebhookRegistration } from './webhook-registration.entity.ts';

/** How changes reach the copy of an installation, by what was last found; nothing is asked of Clockify. */
export async function loadCoverage(orm: MikroORM, { workspaceId, addonId }: InstallationRef): Promise<Coverage> {
  const own = { workspaceId, addonId };
  const [held, states, feedStates] = await withWorkspace(
    orm,
    workspaceId,
    async (em) =>
      [
        await em.find(WebhookRegistration, own),
        await em.find(WebhookEventState, own),
        await em.find(ChangeFeedState, own),
      ] as const,
  );
  const events = webhookEvents.map((event): EventLine => {
    const known = states.find((row) => row.event === event);
    if (known !== undefined) return { event, ...toFinding(known) };
    const holding = held.find((row) => row.event === event);
    if (holding === undefined) return { event, state: null, reason: null, at: null };
    return { event, state: 'adopted', reason: null, at: holding.createdAt.toISOString() };
  });
  const feeds = changeFeeds.map((feed): FeedLine => {
    const known = feedStates.find((row) => row.feed === feed);
    return known === undefined ? { feed, state: null, reason: null, at: null } : { feed, ...toFinding(known) };
  });
  return { entities: planCoverage(events, feeds), events, feeds };
}

function toFinding<State>({ state, reason, checkedAt }: Found<State>) {
  return { state, reason: reason ?? null, at: checkedAt.toISOString() };
}

interface Found<State> {
  readonly state: State;
  readonly reason?: string | null | undefined;
  readonly checkedAt: Date;
}

/** Nothing is written for an installation that is gone: a purge would not come again to take it away. */
const ownRow = `select workspace_id, addon_id from installations where workspace_id = $1 and addon_id = $2 for share`;

/** Stores how events stand. */
export const saveEventFindings = (
  orm: MikroORM,
  ref: InstallationRef,
  findings: readonly EventFinding[],
): Promise<void> => save(orm, ref, { table: 'webhook_event_states', name: 'event', findings });

/** Stores how the feeds of changes stand. */
export const saveFeedFindings = (
  orm: MikroORM,
  ref: InstallationRef,
  findings: readonly FeedFinding[],
): Promise<void> => save(orm, ref, { table: 'change_feed_states', name: 'feed', findings });

interface Saved {
  readonly table: string;
  readonly name: 'event' | 'feed';
  readonly findings: readonly object[];
}

async function save(orm: MikroORM, ref: InstallationRef, { table, name, findings }: Saved): Promise<void> {
  await withWorkspace(orm, ref.workspaceId, (em) =>
    query(
      em,
      `with own as (${ownRow})
       insert into ${table} (workspace_id, addon_id, ${name}, state, reason, checked_at)
       select own.workspace_id, own.addon_id, found.*, clock_timestamp()
       from own, jsonb_to_recordset($3::jsonb) as found(${name} text, state text, reason text)
       on conflict (workspace_id, addon_id, ${name})
       do update set state = excluded.state, reason = excluded.reason, checked_at = excluded.checked_at`,
      [ref.workspaceId, ref.addonId, JSON.stringify(findings)],
    ),
  );
}
