import type { MikroORM } from '@mikro-orm/postgresql';
import { buildUrl } from '../clockify/egress.ts';
import { loadCoverage, saveFeedFindings } from '../db/coverage.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { ChangeFeed, FeedFinding } from '../domain/webhook-states.ts';
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
  { installation, credential }: Access,
  feed: ChangeFeed,
): Promise<Omit<FeedFinding, 'feed'>> {
  const { apiUrl, workspaceId } = installation;
  const now = Date.now();
  const window = { start: toInstant(now - windowMs), end: toInstant(now) };
  const query = { type: 'TAGS', ...window, page: '0', limit: '1' };
  const url = buildUrl(apiUrl, `/workspaces/{workspaceId}/entities/${feed}`, { workspaceId }, query);
  try {
    const lane = 'interactive';
    await gateway.call({ method: 'GET', url, credential, workspaceId, lane, requestsPerSecond, maxWaitMs });
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

/** To the second, as the feeds take it. */
const toInstant = (epochMs: number): string => new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
