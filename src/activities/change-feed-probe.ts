import type { MikroORM } from '@mikro-orm/postgresql';
import { loadCoverage, saveFeedFindings } from '../db/coverage.ts';
import { getFeedType, toFeedTime } from '../domain/change-feeds.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { ChangeFeed, FeedFinding } from '../domain/webhook-states.ts';
import { askFeed } from './change-feed.ts';
import type { Gateway } from './clockify-gateway.ts';
import type { Access, InstallationAccess } from './installation-access.ts';

export interface FeedProbeDeps {
  readonly orm: MikroORM;
  readonly gateway: Gateway;
  readonly access: InstallationAccess;
  readonly requestsPerSecond: number;
}

const windowMs = 60_000;
const maxWaitMs = 3_000;

/** A feed that was refused is asked again after a day: plans and permissions change. */
const refusedForMs = 86_400_000;

/** Asks each feed of changes that is not known to work, or to be closed, for the tags of one minute. */
export async function probeChangeFeeds(deps: FeedProbeDeps, ref: InstallationRef): Promise<void> {
  const { feeds } = await loadCoverage(deps.orm, ref);
  const open = feeds.filter(({ state, at }) => state !== 'works' && !(state === 'refused' && isRecent(at)));
  if (open.length === 0) return;
  const access = await deps.access.open(ref);
  const findings: FeedFinding[] = [];
  for (const { feed } of open) findings.push({ feed, ...(await ask(deps, access, feed)) });
  await saveFeedFindings(deps.orm, ref, findings);
}

const isRecent = (at: string | null): boolean => at !== null && Date.now() - Date.parse(at) < refusedForMs;

async function ask(
  { gateway, requestsPerSecond }: FeedProbeDeps,
  access: Access,
  feed: ChangeFeed,
): Promise<Omit<FeedFinding, 'feed'>> {
  const now = Date.now();
  const window = { start: toFeedTime(now - windowMs), end: toFeedTime(now) };
  const query = { type: getFeedType('tags'), ...window, page: '0', limit: '1' };
  try {
    await askFeed({ gateway, access, lane: 'interactive', requestsPerSecond, maxWaitMs }, feed, query);
    return { state: 'works', reason: null };
  } catch (error) {
    if (!(error instanceof AddonError)) throw error;
    return refusals.includes(error.code)
      ? { state: 'refused', reason: 'Clockify does not open this feed to the add-on.' }
      : { state: 'failed', reason: 'Clockify gave no usable answer.' };
  }
}

const refusals: readonly AddonError['code'][] = [
  'clockify_access_closed',
  'clockify_feature_gated',
  'clockify_request_wrong',
];
