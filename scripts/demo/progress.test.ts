import { describe, expect, test } from '@jest/globals';
import { buildEntityStatus, buildStatus } from '../../test/support/bootstrap-status.ts';
import { createProgressPrinter, renderProgress } from './progress.ts';

const tags = buildEntityStatus({ entity: 'tags', state: 'read', pages: 1, rows: 40, complete: true });
const projects = buildEntityStatus({
  entity: 'projects',
  state: 'reading',
  pages: 12,
  rows: 2400,
  expected: 5000,
  ratePerSecond: 960,
  etaSeconds: 3,
});

function createOutput(terminal: { isTTY: boolean; rows: number }) {
  const written: string[] = [];
  return { written, ...terminal, columns: 200, write: (text: string): boolean => written.push(text) > 0 };
}

test('a line per entity tells pages, rows, rate and time left', () => {
  expect(renderProgress(buildStatus([tags, projects]))).toEqual([
    'Bootstrap RUNNING, 12 requests',
    'tags      read      1 pages             40 rows',
    'projects  reading  12 pages  2,400 / 5,000 rows  960 rows/s  ETA 3 s',
  ]);
});

test.each([
  [{ state: 'skipped', reason: 'the plan has no invoices' } as const, 'the plan has no invoices'],
  [{ state: 'failed', reason: 'gave up', lastError: 'answer 500' } as const, 'answer 500'],
  [{ state: 'read', lastError: 'an error it got over' } as const, '0 rows'],
])('%j ends with what people must know', (given, note) => {
  const [, line] = renderProgress(buildStatus([buildEntityStatus(given)]));
  expect(line).toMatch(new RegExp(`${note}$`));
});

describe('on a terminal', () => {
  test('the lines are redrawn in place', () => {
    const output = createOutput({ isTTY: true, rows: 40 });
    const printer = createProgressPrinter(output as never, 2);
    printer.print(buildStatus([tags, projects]));
    printer.print(buildStatus([tags, projects]));
    expect(output.written[0]?.startsWith('\u001b[2K')).toBe(true);
    expect(output.written[1]?.startsWith('\u001b[3A\u001b[2K')).toBe(true);
  });

  test('that is too low for it, plain lines are printed', () => {
    const output = createOutput({ isTTY: true, rows: 3 });
    createProgressPrinter(output as never, 2).print(buildStatus([tags, projects]));
    expect(output.written.join('')).not.toContain('\u001b');
  });
});

describe('without a terminal', () => {
  test('a line is printed when a state changes, and while reading only now and then', () => {
    let time = 0;
    const output = createOutput({ isTTY: false, rows: 0 });
    const printer = createProgressPrinter(output as never, 2, () => time);
    const waiting = buildEntityStatus({ entity: 'clients' });

    printer.print(buildStatus([tags, projects, waiting]));
    expect(output.written).toHaveLength(3);
    expect(output.written.join('')).not.toContain('clients');

    printer.print(buildStatus([tags, projects, waiting]));
    expect(output.written).toHaveLength(3);

    printer.print(buildStatus([tags, { ...projects, pages: 13 }, waiting]));
    expect(output.written).toHaveLength(3);

    time += 5000;
    printer.print(buildStatus([tags, projects, waiting]));
    expect(output.written).toHaveLength(3);

    printer.print(buildStatus([tags, { ...projects, pages: 13 }, waiting]));
    expect(output.written).toHaveLength(4);
    expect(output.written[3]).toContain('projects');

    const clients = { ...waiting, state: 'reading' } as const;
    printer.print(buildStatus([tags, { ...projects, pages: 13 }, clients], { status: 'PAUSED' }));
    expect(output.written.slice(4).join('')).toMatch(/^Bootstrap PAUSED.*\nclients /);
  });
});
