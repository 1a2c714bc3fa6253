import type { FaultBoard } from '../faults/fault-board.ts';
import type { PageSizeStep } from '../faults/types.ts';
import type { Row } from '../world/types.ts';
import type { Context, PagingStyle } from './context.ts';
import { refuse } from './reply.ts';
import { bodyField } from './rows.ts';

const query = { source: 'query', page: 'page', size: 'page-size', firstPage: 1, maxPage: Infinity } as const;

/** The paging styles seen on the platform; 5000 is the largest page anybody reported. */
export const pagingStyles = {
  standard: { ...query, defaultSize: 50, maxSize: 5000 },
  inProgress: { ...query, defaultSize: 10, maxSize: 1000 },
  capped: { ...query, defaultSize: 50, maxSize: 200, maxPage: 1000 },
  camel: { ...query, size: 'pageSize', defaultSize: 50, maxSize: 5000 },
  body: { ...query, source: 'body', size: 'pageSize', defaultSize: 50, maxSize: 200, maxPage: 1000 },
  sized: { ...query, size: 'size', firstPage: 0, defaultSize: 50, maxSize: 5000 },
  zeroBased: { ...query, size: 'limit', firstPage: 0, defaultSize: 50, maxSize: 5000 },
} as const satisfies Record<string, PagingStyle>;

interface PageRequest {
  /** 1 is the first page in every style. */
  readonly page: number;
  readonly size: number;
}

export interface Page {
  readonly items: readonly Row[];
  readonly isLast: boolean;
}

/** Cuts the page the caller asked for; bad numbers are 400 code 3000. */
export function cutPage(rows: readonly Row[], style: PagingStyle, context: Context): Page {
  const asked = readPageRequest(style, context);
  const { operationId } = context.operation;
  const { page, size } = misreadPage(capSize(asked, context.faults, operationId), context.faults, operationId);
  const items = rows.slice((page - 1) * size, page * size);
  const isLast = page * size >= rows.length;
  return spoilPage({ items, isLast }, rows.slice(0, (page - 1) * size), page, context);
}

function readPageRequest(style: PagingStyle, context: Context): PageRequest {
  const read = (name: string, assumed: number, least: number, most: number) => {
    const raw = style.source === 'query' ? context.query.get(name) : bodyField(context, name);
    if (raw === undefined || raw === null) return assumed;
    const value = Number(raw);
    if (!Number.isInteger(value) || value < least || value > most || raw === '') {
      throw refuse(400, 3000, `${name} must be between ${least} and ${most}`);
    }
    return value;
  };
  return {
    page: read(style.page, style.firstPage, style.firstPage, style.maxPage) + 1 - style.firstPage,
    size: read(style.size, style.defaultSize, 1, style.maxSize),
  };
}

function capSize(asked: PageRequest, faults: FaultBoard, operationId: string): PageRequest {
  const capped = faults.take('page-size-cap', operationId);
  if (capped === undefined) return asked;
  const size = currentStep(capped.fault.steps, capped.met)?.size ?? asked.size;
  if (asked.size <= size) return asked;
  if (capped.fault.refuse === true) throw refuse(400, 3000, `page-size must be between 1 and ${size}`);
  return { ...asked, size };
}

function currentStep(steps: readonly PageSizeStep[], met: number): PageSizeStep | undefined {
  return steps.findLast((step) => met > step.after);
}

function misreadPage(asked: PageRequest, faults: FaultBoard, operationId: string): PageRequest {
  if (faults.take('page-ignored', operationId) !== undefined) return { ...asked, page: 1 };
  const repeats = faults.take('page-repeated', operationId, (fault) => fault.page === asked.page);
  return repeats === undefined ? asked : { ...asked, page: Math.max(1, asked.page - 1) };
}

function spoilPage(page: Page, before: readonly Row[], number: number, { faults, operation }: Context): Page {
  const { operationId } = operation;
  const emptied = faults.take('page-empty', operationId, (fault) => fault.page === number);
  const hidden = faults.take('rows-hidden', operationId);
  const doubled = faults.take('rows-duplicated', operationId, () => before.length > 0);
  const lie = faults.take('last-page-lies', operationId);
  let items = emptied === undefined ? page.items : [];
  if (hidden !== undefined) items = items.filter((_, index) => (index + 1) % hidden.fault.every !== 0);
  if (doubled !== undefined) items = [...before.slice(-doubled.fault.rows), ...items];
  return { items, isLast: lie?.fault.claim ?? page.isLast };
}
