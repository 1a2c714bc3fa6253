import { defineEntity, p } from '@mikro-orm/core';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { EntityState, Evidence, RunStatus } from '../domain/bootstrap-status.ts';
import type { EntityType } from '../domain/entities.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { Cursor } from '../domain/paging.ts';
import { tenantPolicy } from './tenant-policy.ts';

const BootstrapJobSchema = defineEntity({
  name: 'BootstrapJob',
  tableName: 'bootstrap_jobs',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    runId: p.text().primary(),
    addonId: p.text(),
    status: p.text().$type<RunStatus>(),
    options: p.json<BootstrapOptions>(),
    requestId: p.text(),
    /** Read with every page commit, so that a pause acts within one page. */
    paused: p.boolean(),
    /** Requests a second that an operator ordered meanwhile; null: as the options say. */
    requestsPerSecond: p.double().nullable(),
    controlVersion: p.integer(),
    startedAt: p.datetime(),
    finishedAt: p.datetime().nullable(),
  },
  indexes: [{ name: 'bootstrap_jobs_latest', properties: ['workspaceId', 'startedAt'] }],
});

/** One run over a workspace. */
export class BootstrapJob extends BootstrapJobSchema.class {}
BootstrapJobSchema.setClass(BootstrapJob);

const BootstrapEndpointSchema = defineEntity({
  name: 'BootstrapEndpoint',
  tableName: 'bootstrap_endpoints',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    runId: p.text().primary(),
    entity: p.text().$type<EntityType>().primary(),
    state: p.text().$type<EntityState>(),
    expected: p.integer().nullable(),
    /** Distinct rows seen, counted when the reading ended. */
    stored: p.integer().nullable(),
    /** Changes of a pushed kind that the reading found and no event had told. */
    missed: p.integer().nullable(),
    complete: p.boolean().nullable(),
    evidence: p.text().$type<Evidence>().nullable(),
    reason: p.text().nullable(),
    lastError: p.text().nullable(),
    lastErrorCode: p.text().$type<ErrorCode>().nullable(),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
  },
});

/** One kind of rows in one run, with its outcome. */
export class BootstrapEndpoint extends BootstrapEndpointSchema.class {}
BootstrapEndpointSchema.setClass(BootstrapEndpoint);

const BootstrapLoopSchema = defineEntity({
  name: 'BootstrapLoop',
  tableName: 'bootstrap_loops',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    runId: p.text().primary(),
    entity: p.text().$type<EntityType>().primary(),
    loop: p.integer().primary(),
    cursor: p.json<Cursor>(),
    /** Raised by each attempt that takes the loop over; a commit under an older number is refused. */
    fence: p.integer(),
    pages: p.integer(),
    rows: p.integer(),
    requests: p.integer(),
    updatedAt: p.datetime(),
  },
});

/** One page loop: its place, written in the same transaction as the rows of the page. */
export class BootstrapLoop extends BootstrapLoopSchema.class {}
BootstrapLoopSchema.setClass(BootstrapLoop);

const BootstrapPageSchema = defineEntity({
  name: 'BootstrapPage',
  tableName: 'bootstrap_pages',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    runId: p.text().primary(),
    entity: p.text().$type<EntityType>().primary(),
    loop: p.integer().primary(),
    seq: p.integer().primary(),
    entityIds: p.array().columnType('text[]'),
    fetchedAt: p.datetime(),
  },
});

/** The ids one page held: proves what a run saw, without touching rows that did not change. */
export class BootstrapPage extends BootstrapPageSchema.class {}
BootstrapPageSchema.setClass(BootstrapPage);
