import { breachIf } from './oracle.ts';
import type { Oracle } from './oracle.ts';

/** The platform's own limit, for each add-on on each workspace. */
const mostInAnySecond = 50;

/** Asked for by others than the page loops: proofs of a token, settings, roles of a viewer. */
const notPages = ['getWorkspaceOfUser', 'getAddonSettings'];

/** No second at Clockify saw more requests than its limit, and no page was read twice but those in flight. */
export const judgeLedger: Oracle = ({ ledgers, accept }) => {
  const maxInAnySecond = Math.max(...ledgers.map((ledger) => ledger.maxInAnySecond));
  const repeated = ledgers[0]?.repeated ?? [];
  const pages = repeated.filter(({ operationId }) => !notPages.includes(operationId ?? ''));
  const refetched = pages.reduce((sum, { count }) => sum + count - 1, 0);
  const allowed = accept.refetched ?? 0;
  return Promise.resolve({
    refetched,
    breaches: [
      ...breachIf(maxInAnySecond > mostInAnySecond, `${maxInAnySecond} requests within one second`),
      ...breachIf(refetched > allowed, `${refetched} pages read again, ${allowed} allowed`),
    ],
  });
};
