import type { CheckResult } from '../../domain/diagnosis.ts';
import { checkStateWords, checkWords } from './check-words.ts';

/** One finding of the self-test, and what to do about it. */
export function CheckLine({ result }: { readonly result: CheckResult }) {
  const { check, state, finding, remedy } = result;

  return (
    <li data-check={check} data-state={state}>
      <h3>
        {checkWords[check]} <span className="badge">{checkStateWords[state]}</span>
      </h3>
      <p>{finding}</p>
      {remedy !== null && <p className="remedy">{remedy}</p>}
    </li>
  );
}
