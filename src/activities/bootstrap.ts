import type { MikroORM } from '@mikro-orm/postgresql';
import { loadCoverage } from '../db/coverage.ts';
import { addOperatorAction } from '../db/operator-actions.ts';
import type { NewOperatorAction } from '../db/operator-actions.ts';
import { closeRun, fenceLoops, openRun, saveControl, saveOutcome, saveRate } from '../db/runs.ts';
import type { RunRef } from '../db/runs.ts';
import {
  countChanged,
  dropOlderPages,
  loadFindings,
  loadStates,
  markUnseenDeleted,
  restartEntity,
  restartLoops,
  savePlanOfWorkspace,
} from '../db/settle.ts';
import { withWorkspace } from '../db/orm.ts';
import { getInstallation } from '../db/installations.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import { buildPlan } from '../domain/bootstrap-plan.ts';
import type { PlannedEntity } from '../domain/bootstrap-plan.ts';
import type { EntityState, RunStatus } from '../domain/bootstrap-status.ts';
import { judgeCompleteness, judgeRun } from '../domain/completeness.ts';
import { isPushed } from '../domain/coverage.ts';
import type { EntityType } from '../domain/entities.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import { withHeartbeat } from './heartbeat.ts';
import { findDeletionWindow } from './page-request.ts';

export interface OpenRunInput extends RunRef {
  readonly options: BootstrapOptions;
  readonly requestId: string;
}

export interface OpenedRun {
  readonly plan: readonly PlannedEntity[];
  /** Page loops that may run at the same time. */
  readonly concurrency: number;
  /** False when the add-on is switched off at the moment. */
  readonly isActive: boolean;
}

export interface EntityRunRef extends RunRef {
  readonly entity: EntityType;
}

/** How one kind of rows ended, in what a workflow may hold. */
export interface SettledEntity {
  readonly state: EntityState;
  readonly complete: boolean | null;
  readonly rows: number;
  readonly reason: string | null;
}

export interface GiveUpInput extends EntityRunRef {
  readonly state: 'skipped' | 'failed';
  readonly reason: string;
  readonly code?: ErrorCode | null;
}

export interface SettleInput extends EntityRunRef {
  /** Whether what changed while it was read may be read once more. */
  readonly mayRepeat: boolean;
}

export interface BootstrapDeps {
  readonly orm: MikroORM;
  /** For what goes over all rows of a kind. */
  readonly patientOrm: MikroORM;
  readonly pageSize: number;
  readonly concurrency: number;
  readonly onRunOpened?: () => void;
  readonly onRunClosed?: (status: RunStatus) => void;
  /** A kind of rows could not be read, or not be proven complete. */
  readonly onIncomplete?: () => void;
}

/** The book-keeping of a run: each may run twice with the effect of once. */
export function createBootstrapActivities(deps: BootstrapDeps) {
  const { orm, pageSize, concurrency, onRunOpened, onRunClosed, onIncomplete } = deps;
  return {
    /** Plans the run and writes its rows. */
    async openRun({ options, requestId, ...ref }: OpenRunInput): Promise<OpenedRun> {
      const plan = buildPlan(options);
      const pageSizeOf = (entity: EntityType): number => getReadingRule(entity).pageSize ?? pageSize;
      const isNew = await openRun(orm, { ...ref, options, requestId, plan, pageSizeOf });
      if (isNew) onRunOpened?.();
      const { status } = await getInstallation(orm, ref);
      return { plan, concurrency, isActive: status === 'active' };
    },

    async setControl(input: RunRef & { paused: boolean; version: number }): Promise<void> {
      await saveControl(orm, input, input);
    },

    /**
     * Judges what was read, and marks what a complete reading did not see as deleted. `again`: it changed while it was
     * read, and its page loops stand at the start once more.
     */
    settleEntity: (input: SettleInput): Promise<SettledEntity | 'again'> => withHeartbeat(() => settle(deps, input)),

    /** Notes why a kind of rows is not read, or not to the end. A page that is still on its way is not stored. */
    async giveUpEntity({ state, reason, code = null, ...ref }: GiveUpInput): Promise<void> {
      await withWorkspace(orm, ref.workspaceId, async (em) => {
        await fenceLoops(em, ref);
        await saveOutcome(em, ref, { state, reason, complete: false, ...(code !== null && { lastErrorCode: code }) });
      });
      if (state === 'failed') onIncomplete?.();
    },

    /** Sets one kind of rows back to waiting, its page loops at the start. A page that is still on its way is not stored. */
    async restartEntity(ref: EntityRunRef): Promise<void> {
      await restartEntity(orm, ref);
    },

    async changeRate({ requestsPerSecond, ...ref }: RunRef & { requestsPerSecond: number }): Promise<void> {
      await saveRate(orm, ref, requestsPerSecond);
    },

    /** Writes an obeyed order to the log. */
    async recordOrder(order: NewOperatorAction): Promise<void> {
      await withWorkspace(orm, order.workspaceId, (em) => addOperatorAction(em, order));
    },

    /** Ends the run with the word that its parts add up to, or with `forced`. */
    async closeRun({ forced, ...ref }: RunRef & { forced?: RunStatus }): Promise<RunStatus> {
      const status = forced ?? judgeRun(await loadStates(orm, ref));
      await closeRun(orm, ref, status);
      onRunClosed?.(status);
      return status;
    },
  };
}

async function settle(
  { patientOrm: orm, onIncomplete }: BootstrapDeps,
  { mayRepeat, ...ref }: SettleInput,
): Promise<SettledEntity | 'again'> {
  const rule = getReadingRule(ref.entity);
  const findings = await loadFindings(orm, ref);
  if (!findings.isRead) return 'again';
  const { isDisturbed, ...verdict } = judgeCompleteness(rule, findings);
  if (isDisturbed && mayRepeat) {
    await restartLoops(orm, ref);
    return 'again';
  }
  const livingParent = rule.parent?.isOutlived ? rule.parent.entity : null;
  if (verdict.complete) await markUnseenDeleted(orm, ref, findDeletionWindow(rule, findings), livingParent);
  if (ref.entity === 'workspace') await savePlanOfWorkspace(orm, ref);
  const missed = isPushed(await loadCoverage(orm, ref), ref.entity) ? await countChanged(orm, ref) : 0;
  await withWorkspace(orm, ref.workspaceId, (em) => saveOutcome(em, ref, { ...verdict, missed, state: 'read' }));
  await dropOlderPages(orm, ref);
  if (!verdict.complete) onIncomplete?.();
  return { state: 'read', complete: verdict.complete, rows: findings.seen, reason: verdict.reason };
}
