import { formatTable } from '../demo/text-table.ts';
import type { CellResult } from './runner.ts';

export interface Line {
  readonly row: number;
  readonly fault: string;
  readonly moment: string;
  readonly result: CellResult;
}

const formatRecovery = (milliseconds: number | null): string =>
  milliseconds === null ? '-' : `${(milliseconds / 1000).toFixed(1)} s`;

export const isGood = ({ result }: Line): boolean => result.breaches.length === 0;

/** A line for each cell, and under the table what each breached. */
export function renderTable(lines: readonly Line[]): string[] {
  const head = ['row', 'moment', 'lost', 'duplicated', 'refetched', 'recovery', ''];
  const cells = lines.map((line) => {
    const { lost, duplicated, refetched, recoveryMs } = line.result;
    const verdict = isGood(line) ? 'ok' : 'BREACH';
    const counts = [lost, duplicated, refetched].map(String);
    return [String(line.row), `${line.fault}: ${line.moment}`, ...counts, formatRecovery(recoveryMs), verdict];
  });
  const breaches = lines.flatMap(({ row, moment, result }) =>
    result.breaches.map((breach) => `row ${row}, ${moment}: ${breach}`),
  );
  return [...formatTable([head, ...cells], [0, 2, 3, 4, 5]), ...(breaches.length > 0 ? ['', ...breaches] : [])];
}
