import { buildUrl } from '../clockify/egress.ts';
import { getFeedType } from '../domain/change-feeds.ts';
import type { FeedWindow } from '../domain/change-feeds.ts';
import type { EntityType } from '../domain/entities.ts';
import { AddonError } from '../domain/errors.ts';
import type { ChangeFeed } from '../domain/webhook-states.ts';
import type { Gateway, GatewayCall } from './clockify-gateway.ts';
import type { Access } from './installation-access.ts';

export interface FeedReader {
  readonly gateway: Gateway;
  readonly access: Access;
  readonly requestsPerSecond: number;
  readonly maxWaitMs: number;
  readonly signal?: AbortSignal;
}

const pageSize = 200;
/** So many changes of one kind are read whole more cheaply. */
const mostPages = 50;

/**
 * The rows of one feed for one kind in a window; null when there are more than it is worth to read. Pages are counted
 * from 0, and one that is not full is the last. Clockify describes the answer of deletions with a wrapper and sends it
 * without.
 */
export async function readFeed(
  reader: FeedReader,
  feed: ChangeFeed,
  entity: EntityType,
  window: FeedWindow,
): Promise<unknown[] | null> {
  const rows: unknown[] = [];
  for (let page = 0; page < mostPages; page++) {
    const found = await readPage(reader, feed, {
      ...window,
      type: getFeedType(entity),
      page: String(page),
      limit: String(pageSize),
    });
    rows.push(...found);
    if (found.length < pageSize) return rows;
  }
  return null;
}

async function readPage(reader: FeedReader, feed: ChangeFeed, query: FeedQuery): Promise<unknown[]> {
  const body = await askFeed({ ...reader, lane: 'bulk' }, feed, query);
  const rows: unknown = Array.isArray(body) ? body : (body as { response?: unknown } | null)?.response;
  if (!Array.isArray(rows)) throw new AddonError('clockify_answer_malformed', 'A feed of changes answered no list.');
  return rows;
}

interface FeedQuery extends FeedWindow {
  readonly type: string;
  readonly page: string;
  readonly limit: string;
}

/** What a feed answers, whatever it is. Throws what the gateway throws. */
export async function askFeed(
  { gateway, access, ...reader }: FeedReader & Pick<GatewayCall, 'lane'>,
  feed: ChangeFeed,
  query: FeedQuery,
): Promise<unknown> {
  const { apiUrl, workspaceId } = access.installation;
  const url = buildUrl(apiUrl, `/workspaces/{workspaceId}/entities/${feed}`, { workspaceId }, { ...query });
  const { body } = await gateway.call({ ...reader, method: 'GET', url, credential: access.credential, workspaceId });
  return body;
}
