import { tokenDigest } from '../../../simulator/ledger/ledger.ts';
import { breachIf } from './oracle.ts';
import type { Oracle } from './oracle.ts';

/** Requests that had their slot when DELETED was answered: one for each page loop. */
const mostInFlight = 8;
/** By which Clockify is asked whether the token still lives. */
const probes = ['getWorkspaceOfUser'];

/** After DELETED was accepted a token is used for probes alone, but for the calls in flight. */
export const judgeTokens: Oracle = ({ scene: { stack, workspaceId, calls } }) => {
  const requests = stack.simulator.requests(workspaceId);
  const breaches = calls.flatMap(({ event, leaves, status, at, addonId }) => {
    if (event !== 'DELETED' || leaves !== 'deleted' || status === null) return [];
    const token = calls.findLast((call) => call.addonId === addonId && call.token !== undefined)?.token ?? '';
    const digest = tokenDigest(token);
    const later = requests.filter(
      (request) => request.at > at && request.tokenDigest === digest && !probes.includes(request.operationId ?? ''),
    );
    return breachIf(later.length > mostInFlight, `${later.length} requests with the token of a removed installation`);
  });
  return Promise.resolve({ breaches });
};
