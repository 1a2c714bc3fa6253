import { breachIf } from './oracle.ts';
import type { Oracle } from './oracle.ts';

/** Progress only grows, and the API refuses nothing while what it depends on is healthy. */
export const judgeApi: Oracle = ({ watch, accept, disturbed: { from, to } }) => {
  const mayRefuse = (at: number): boolean => accept.mayRefuse === true && at >= from && at <= to;
  const refused = watch.refusals.find(({ at }) => !mayRefuse(at));
  const breaches = breachIf(refused !== undefined, `the API answered ${refused?.answer}`);
  return Promise.resolve({ breaches: [...new Set(watch.setbacks), ...breaches] });
};
