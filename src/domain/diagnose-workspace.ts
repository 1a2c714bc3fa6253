import { failed, ok, unknown, warning } from './check-result.ts';
import { largestClockSkewSeconds } from './diagnosis.ts';
import type { CheckResult } from './diagnosis.ts';
import type { DiagnosisFacts } from './diagnosis-facts.ts';
import type { EntityType } from './entities.ts';
import { featureOf } from './features.ts';

/** FREE is the one plan whose new workspaces have an hourly quota, of 30 requests. */
export const isFreePlan = (plan: string | null): boolean => plan === 'FREE';

export function judgePlan({ plan }: DiagnosisFacts): CheckResult {
  if (plan === null) return unknown('plan', 'The plan could not be read.');
  if (!isFreePlan(plan)) return ok('plan', `The workspace is on the plan ${plan}.`);
  return warning(
    'plan',
    'The workspace is on the plan FREE, where Clockify may allow no more than 30 requests an hour.',
    'The copy waits and goes on by itself, for days if need be. Fewer kinds of rows, fewer days or a paid plan make it quicker.',
  );
}

/** Which kinds of rows will be skipped, because the workspace lacks the feature or has it switched off? */
export function judgeFeatures({ features, probes }: DiagnosisFacts): CheckResult {
  const gated = new Set(
    (probes ?? [])
      .filter(({ outcome }) => outcome === 'clockify_feature_gated')
      .flatMap(({ entity }) => featureOf[entity] ?? []),
  );
  if (features === null && gated.size === 0) return unknown('features', 'The features could not be read.');
  const named = Object.entries(featureOf) as [EntityType, string][];
  const skipped = named.filter(([, feature]) => gated.has(feature) || features?.includes(feature) === false);
  if (skipped.length === 0) return ok('features', 'The workspace has every feature that the copy reads.');
  const lacking = [...new Set(skipped.map(([, feature]) => feature))].join(', ');
  const kinds = skipped.map(([entity]) => entity.replaceAll('_', ' ')).join(', ');
  return warning(
    'features',
    `Without ${lacking} the copy skips ${kinds}.`,
    'Nothing is lost: these kinds are read once the plan includes them and the workspace has them switched on.',
  );
}

/** What slows the copy down, and which changes nobody will announce. */
export function judgeLimits({ budget, webhooks }: DiagnosisFacts): CheckResult {
  const { pausedUntil, hourlyLimit, hourlyUsed, limitPerSecond } = budget;
  const { known, declared, registered } = webhooks;
  if (pausedUntil !== null) {
    return warning('limits', `Clockify asked for a pause until ${pausedUntil}.`, 'Wait: the copy goes on by itself.');
  }
  if (registered < declared) {
    return warning(
      'limits',
      `Clockify registered ${registered} of the ${declared} webhooks that the manifest declares.`,
      'Set WEBHOOK_LIMIT to what Clockify takes, and install the add-on again; until then those changes are seen by the next run.',
    );
  }
  if (hourlyLimit !== null) {
    return warning(
      'limits',
      `Clockify allows ${hourlyLimit} requests an hour; ${hourlyUsed ?? 0} were used in the last one.`,
      'The copy waits and goes on by itself. RATE_LIMIT_HOURLY says it if the number is wrong.',
    );
  }
  const pace = `${limitPerSecond} requests a second and no hourly limit`;
  return ok('limits', `${pace}; ${registered} webhooks are registered, for ${declared} of ${known} events.`);
}

/** Three clocks must agree: a token is judged by ours, a request takes its turn by the database's. */
export function judgeClock({ clocks }: DiagnosisFacts): CheckResult {
  const { aheadOfDatabaseMs, clockifyAheadMs } = clocks;
  const pairs = [
    { pair: 'our clock and that of the database', apartMs: Math.abs(aheadOfDatabaseMs) },
    ...(clockifyAheadMs === null
      ? []
      : [
          { pair: 'our clock and that of Clockify', apartMs: Math.abs(clockifyAheadMs) },
          { pair: 'the clocks of database and Clockify', apartMs: Math.abs(clockifyAheadMs + aheadOfDatabaseMs) },
        ]),
  ];
  const worst = pairs.reduce((found, next) => (next.apartMs > found.apartMs ? next : found));
  const seconds = Math.round(worst.apartMs / 1000);
  if (worst.apartMs <= largestClockSkewSeconds * 1000)
    return ok('clock', `At most ${seconds} seconds lie between ${worst.pair}.`);
  return failed(
    'clock',
    `${seconds} seconds lie between ${worst.pair}.`,
    'Let every machine take its time from NTP; until then good tokens may be refused.',
  );
}
