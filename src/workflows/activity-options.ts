import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/** Short writes to Postgres. */
export const bookkeeping = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '10 seconds' },
});

/** What goes over all rows of a kind: minutes for a large workspace. */
export const settling = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '20 seconds' },
});

/**
 * Page reading: one attempt hands back after its own time budget. A worker that dies is noticed by the missing
 * heartbeat. No limit on the whole: a paused or throttled run may take days. Only failures without any progress in
 * between count as attempts, so a kind that stays broken for about an hour is given up, and the run can end.
 */
export const reading = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '20 seconds', maximumAttempts: 200 },
});

/** Deliveries: an attempt hands back after its own time budget, and is made again until the database is there. */
export const draining = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '20 seconds' },
});

/** One question to Clockify, whose answer counts even if it is no answer; only the database can make it fail. */
export const probing = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/** A test that nothing depends on: one attempt, which ends itself within half a minute. */
export const testing = proxyActivities<Activities>({
  startToCloseTimeout: '45 seconds',
  retry: { maximumAttempts: 1 },
});

/** Registering webhooks, one after the other: the activity ends itself within a minute. */
export const registering = proxyActivities<Activities>({
  startToCloseTimeout: '90 seconds',
  retry: { initialInterval: '500 milliseconds', maximumAttempts: 3 },
});

/** Destroying what is left of an installation, in batches: it must end, however often it has to begin. */
export const purging = proxyActivities<Activities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/** Reading what changed: what is not done now is done with the next look. */
export const refreshing = proxyActivities<Activities>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '1 minute', maximumAttempts: 5 },
});
