import type { MikroORM } from '@mikro-orm/postgresql';
import { closeRun, openRun, saveControl, saveOutcome } from '../db/runs.ts';
import type { RunRef } from '../db/runs.ts';
import {
  dropOlderPages,
  loadFindings,
  loadStates,
  markUnseenDeleted,
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
import type { EntityType } from '../domain/entities.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
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

export interface SettleInput extends EntityRunRef {
  /** Whether what changed while it was read may be read once more. */
  readonly mayRepeat: boolean;
}

export interface BootstrapDeps {
  readonly orm: MikroORM;
  readonly pageSize: number;
  readonly concurrency: number;
  readonly onRunOpened?: () => void;
  readonly onRunClosed?: (status: RunStatus) => void;
}

/** The book-keeping of a run: each may run twice with the effect of once. */
export function createBootstrapActivities({ orm, pageSize, concurrency, onRunOpened, onRunClosed }: BootstrapDeps) {
  return {
    /** Plans the run and writes its rows. */
    async openRun({ options, requestId, ...ref }: OpenRunInput): Promise<OpenedRun> {
      const plan = buildPlan(options);
      const pageSizeOf = (entity: EntityType): number => getReadingRule(entity).pageSize ?? pageSize;
      await openRun(orm, { ...ref, options, requestId, plan, pageSizeOf });
      onRunOpened?.();
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
    async settleEntity({ mayRepeat, ...ref }: SettleInput): Promise<SettledEntity | 'again'> {
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
      await withWorkspace(orm, ref.workspaceId, (em) => saveOutcome(em, ref, { ...verdict, state: 'read' }));
      await dropOlderPages(orm, ref);
      return { state: 'read', complete: verdict.complete, rows: findings.seen, reason: verdict.reason };
    },

    /** Notes why a kind of rows was not read, or not to the end. */
    async giveUpEntity(input: EntityRunRef & { state: 'skipped' | 'failed'; reason: string }): Promise<void> {
      const { state, reason } = input;
      await withWorkspace(orm, input.workspaceId, (em) => saveOutcome(em, input, { state, reason, complete: false }));
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
