import { breachIf } from './oracle.ts';
import type { Oracle } from './oracle.ts';

/** The run ended as it should, and there is none where there should be none. */
export const judgeEnd: Oracle = async ({ scene, accept: { ends = ['COMPLETED'] } }) => {
  if (ends === 'open') return { breaches: [] };
  const [newest] = await scene.runs();
  if (ends === 'none') return { breaches: breachIf(newest !== undefined, 'there is a run') };
  if (newest === undefined) return { breaches: ['there is no run'] };
  return { breaches: breachIf(!ends.includes(newest.status), `the run ended as ${newest.status}`) };
};
