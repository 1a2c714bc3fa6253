import { defineEntity, p } from '@mikro-orm/core';
import { tenantPolicy } from './tenant-policy.ts';

const RateLimitSchema = defineEntity({
  name: 'RateLimit',
  tableName: 'rate_limits',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    /** The next slot of bulk calls, on the database's clock. */
    nextSlotAt: p.datetime(6),
    interactiveSlotAt: p.datetime(6),
    grants: p.bigint(),
    /** The number of the grant in each of the 50 places; 0 when it was answered. */
    holders: p.array().columnType('bigint[]'),
    /** When the last request in each place was answered; while it is on its way, when it is given up. */
    answeredAt: p.array().columnType('timestamptz[]'),
    /** Requests an hour, learned from refusals; null while none is known. */
    hourlyLimit: p.integer().nullable(),
    /** The last grants, as many as the hourly limit in force; empty without one. */
    recentGrants: p.array().columnType('timestamptz[]'),
    hourStartedAt: p.datetime(6),
    hourGrants: p.integer(),
    /** 429 answers since the last good one. */
    refusals: p.integer(),
    /** The end of the last pause; slots before it were taken before it began. */
    pausedUntil: p.datetime(6).nullable(),
    /** When the last slot was asked for: an earlier now tells that the clock was set back. */
    seenAt: p.datetime(6),
  },
});

/** The one budget of a workspace, shared by every process and every kind of call. */
export class RateLimit extends RateLimitSchema.class {}
RateLimitSchema.setClass(RateLimit);
