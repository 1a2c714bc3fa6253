import type { Catalogue } from '../domain/catalogue.ts';
import { endRepeatedList, advance, isRepeatedPage } from '../domain/paging.ts';
import type { ListProgress, Step } from '../domain/paging.ts';
import type { ReadingRule } from '../domain/reading-rules.ts';
import type { Gateway } from './clockify-gateway.ts';
import type { Access } from './installation-access.ts';
import { readPage } from './page-answer.ts';
import type { Page } from './page-answer.ts';
import { buildPageRequest } from './page-request.ts';
import type { ReadingList } from './page-request.ts';

/** How far a list was read, and how much of it the next page holds. */
export interface Place {
  readonly list: ListProgress;
  readonly pageSize: number;
}

export interface PageFetch {
  readonly gateway: Gateway;
  readonly catalogue: Catalogue;
  readonly access: Access;
  readonly rule: ReadingRule;
  readonly list: ReadingList;
  readonly place: Place;
  readonly requestsPerSecond: number;
  /** For the budget, in milliseconds. */
  readonly maxWaitMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface FetchedPage {
  readonly page: Page;
  /** When the request was allowed to leave, by the clock of the database. */
  readonly observedAt: string;
}

/** Asks for one page, in the bulk line of the budget. Throws what the gateway throws, and `clockify_answer_malformed`. */
export async function fetchPage({ gateway, catalogue, access, ...wanted }: PageFetch): Promise<FetchedPage> {
  const { installation, credential } = access;
  const { rule, list, place, requestsPerSecond, maxWaitMs, signal } = wanted;
  const { workspaceId } = installation;
  const answer = await gateway.call({
    ...buildPageRequest(catalogue, installation, workspaceId, {
      rule,
      list,
      page: place.list.page,
      pageSize: place.pageSize,
    }),
    workspaceId,
    lane: 'bulk',
    credential,
    requestsPerSecond,
    maxWaitMs,
    ...(signal && { signal }),
  });
  return { page: readPage(rule, list, workspaceId, answer), observedAt: answer.observedAt };
}

/** Asks again once when the platform sends the page before a second time. */
export async function fetchUnrepeated(
  { list }: Place,
  fetch: () => Promise<FetchedPage>,
): Promise<FetchedPage & { readonly isRepeated: boolean }> {
  const first = await fetch();
  if (!isRepeatedPage(list, first.page.answer)) return { ...first, isRepeated: false };
  const second = await fetch();
  return { ...second, isRepeated: isRepeatedPage(list, second.page.answer) };
}

/** What follows a page of the list. */
export function decideNext(
  { paging }: ReadingRule,
  { list, pageSize }: Place,
  { page: { answer }, isRepeated }: { readonly page: Page; readonly isRepeated: boolean },
  maxPages: number,
): Step {
  if (paging === 'single' || paging === 'whole') {
    return { kind: 'end', expected: answer.ids.length, reasons: [], pageSize };
  }
  if (isRepeated) return endRepeatedList(list, pageSize, answer);
  return advance(list, pageSize, answer, maxPages);
}
