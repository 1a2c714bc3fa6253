import type { LedgerSummary } from '../../../simulator/ledger/summary.ts';
import { breachIf } from './oracle.ts';
import type { Oracle } from './oracle.ts';

/** The platform's own limit, for each add-on on each workspace. */
const mostInAnySecond = 50;

/** Its pages are named in the body; and webhooks are looked at as often as somebody wants to know. */
const notPages: readonly unknown[] = ['getTimeOffRequest', 'getAddonWebhooks'];

/** The self-test of an install reads one row of each kind, and lists without pages look the same to both. */
const isPage = ({ operationId, page, parentId, query }: RepeatedRequest): boolean =>
  (page !== null || parentId !== null) && !notPages.includes(operationId) && !/page-?size=1(&|$)/i.test(query);

type RepeatedRequest = LedgerSummary['repeated'][number];

/** No second at Clockify saw more requests than its limit, and no page was read twice but those in flight. */
export const judgeLedger: Oracle = ({ ledgers, accept }) => {
  const maxInAnySecond = Math.max(...ledgers.map((ledger) => ledger.maxInAnySecond));
  const repeated = ledgers[0]?.repeated ?? [];
  const pages = repeated.filter(isPage);
  const refetched = pages.reduce((sum, { count }) => sum + count - 1, 0);
  const names = pages.map(({ operationId, page }) => `${operationId} page ${page}`).slice(0, 5);
  const allowed = accept.refetched ?? 0;
  return Promise.resolve({
    refetched,
    breaches: [
      ...breachIf(maxInAnySecond > mostInAnySecond, `${maxInAnySecond} requests within one second`),
      ...breachIf(refetched > allowed, `${refetched} pages read again (${names.join(', ')}), ${allowed} allowed`),
    ],
  });
};
