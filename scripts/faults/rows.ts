import type { FaultRow } from './fault-row.ts';
import { clockRows } from './rows/clock.ts';
import { clockifyRows } from './rows/clockify.ts';
import { commitRows } from './rows/commits.ts';
import { deliveryRows } from './rows/deliveries.ts';
import { deployRows } from './rows/deploy.ts';
import { diskRows } from './rows/disk.ts';
import { earlyRows } from './rows/early.ts';
import { listRows } from './rows/lists.ts';
import { machineRows } from './rows/machine.ts';
import { operatorRows } from './rows/operator.ts';
import { poisonRows } from './rows/poison.ts';
import { postgresRows } from './rows/postgres.ts';
import { registrationRows } from './rows/registration.ts';
import { reinstallRows } from './rows/reinstall.ts';
import { relayRows } from './rows/relay.ts';
import { restoreRows } from './rows/restore.ts';
import { temporalRows } from './rows/temporal.ts';
import { tlsRows } from './rows/tls.ts';
import { uninstallRows } from './rows/uninstall.ts';
import { walRows } from './rows/wal.ts';
import { workerRows } from './rows/worker.ts';

/** Every fault this rig can strike with, in the order of the matrix. */
export const allRows: readonly FaultRow[] = [
  ...workerRows,
  ...temporalRows,
  ...postgresRows,
  ...commitRows,
  ...relayRows,
  ...diskRows,
  ...walRows,
  ...machineRows,
  ...clockifyRows,
  ...listRows,
  ...uninstallRows,
  ...reinstallRows,
  ...clockRows,
  ...operatorRows,
  ...deliveryRows,
  ...earlyRows,
  ...poisonRows,
  ...registrationRows,
  ...deployRows,
  ...restoreRows,
  ...tlsRows,
].toSorted((a, b) => a.row - b.row);
