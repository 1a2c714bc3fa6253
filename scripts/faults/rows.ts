import type { FaultRow, MissingRow } from './fault-row.ts';
import { clockifyRows } from './rows/clockify.ts';
import { listRows } from './rows/lists.ts';
import { operatorRows } from './rows/operator.ts';
import { postgresRows } from './rows/postgres.ts';
import { relayRows } from './rows/relay.ts';
import { temporalRows } from './rows/temporal.ts';
import { workerRows } from './rows/worker.ts';

/** Every fault this rig can strike with. */
export const allRows: readonly FaultRow[] = [
  ...workerRows,
  ...temporalRows,
  ...postgresRows,
  ...relayRows,
  ...clockifyRows,
  ...listRows,
  ...operatorRows,
].toSorted((a, b) => a.row - b.row);

/** What is asked for and cannot be shown yet. */
export const missingRows: readonly MissingRow[] = [];
