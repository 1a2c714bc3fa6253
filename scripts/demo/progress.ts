import { countRows } from '../../src/domain/bootstrap-status.ts';
import type { BootstrapStatus, EntityStatus } from '../../src/domain/bootstrap-status.ts';
import { formatNumber, formatSeconds, formatTable } from './text-table.ts';

const presentRows = (entity: EntityStatus): string => {
  const rows = formatNumber(countRows(entity));
  return entity.expected === null ? rows : `${rows} / ${formatNumber(entity.expected)}`;
};

const presentRest = ({ reason, lastError, etaSeconds, state }: EntityStatus): string => {
  const note = state === 'read' ? reason : (lastError ?? reason);
  if (note !== null) return note;
  return state === 'reading' && etaSeconds !== null ? `ETA ${formatSeconds(etaSeconds)}` : '';
};

const presentEntity = (entity: EntityStatus): string[] => [
  entity.entity,
  entity.state,
  `${formatNumber(entity.pages)} pages`,
  `${presentRows(entity)} rows`,
  entity.state === 'reading' && entity.ratePerSecond !== null ? `${entity.ratePerSecond.toFixed(0)} rows/s` : '',
  presentRest(entity),
];

/** One line per entity, in the order of the status, under a line about the run. */
export function renderProgress(status: BootstrapStatus): string[] {
  const lines = formatTable(status.entities.map(presentEntity), [2, 3, 4]);
  return [`Bootstrap ${status.status}, ${formatNumber(status.requests)} requests`, ...lines];
}

export interface ProgressPrinter {
  print(status: BootstrapStatus): void;
}

type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'rows' | 'columns'>;

/** Redraws the lines in place. */
function createTerminalPrinter(output: Output): ProgressPrinter {
  let drawn = 0;
  return {
    print(status) {
      const lines = renderProgress(status).map((line) => line.slice(0, output.columns - 1));
      const up = drawn === 0 ? '' : `\u001b[${drawn}A`;
      output.write(up + lines.map((line) => `\u001b[2K${line}\n`).join(''));
      drawn = lines.length;
    },
  };
}

/** An entity that is being read says so again only after a while. */
const quietMs = 5000;

/** Prints an entity's line when its state changes, and now and then while its pages come in. */
function createLinePrinter(output: Output, now: () => number): ProgressPrinter {
  const printed = new Map<string, { state: string; pages: number; at: number }>();
  const isDue = ({ entity, state, pages }: EntityStatus): boolean => {
    const last = printed.get(entity);
    if (last?.state !== state) return state !== 'waiting';
    return pages !== last.pages && now() - last.at >= quietMs;
  };
  return {
    print(status) {
      const [headline, ...lines] = renderProgress(status);
      if (printed.get('')?.state !== status.status) output.write(`${headline}\n`);
      printed.set('', { state: status.status, pages: 0, at: now() });
      for (const [index, entity] of status.entities.entries()) {
        if (!isDue(entity)) continue;
        output.write(`${lines[index]}\n`);
        printed.set(entity.entity, { state: entity.state, pages: entity.pages, at: now() });
      }
    },
  };
}

/** In place on a terminal that is high enough, else plain lines of what changed. */
export function createProgressPrinter(output: Output, entities: number, now: () => number = Date.now): ProgressPrinter {
  return output.isTTY && output.rows > entities + 2 ? createTerminalPrinter(output) : createLinePrinter(output, now);
}
