import type { BootstrapApi } from '../bootstrap/api.ts';
import { useDiagnose, useDiagnosis } from '../bootstrap/queries.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { useFormat } from '../format-context.ts';
import { CheckLine } from './check-line.tsx';

/** Whether the installation has all it needs: what was looked at, what was found, and what to do. */
export function SelfTest({ api }: { readonly api: BootstrapApi }) {
  const format = useFormat();
  const { data: diagnosis, error, isPending } = useDiagnosis(api);
  const again = useDiagnose(api);

  return (
    <section className="card" aria-labelledby="self-test-title" aria-busy={again.isPending}>
      <div className="card-head">
        <div>
          <h2 id="self-test-title">Self-test</h2>
          <p className="muted">Whether the add-on has all it needs in this workspace.</p>
        </div>
        <button type="button" disabled={again.isPending} onClick={() => again.mutate()}>
          {again.isPending ? 'Checking…' : diagnosis ? 'Check again' : 'Check now'}
        </button>
      </div>
      {again.error !== null && <RefusalAlert error={again.error} title="The self-test did not work." />}
      {error !== null && <RefusalAlert error={error} title="The last self-test could not be loaded." />}
      {isPending && <p role="status">Loading the last self-test…</p>}
      {diagnosis === null && <p className="empty">Nothing has been checked so far.</p>}
      {diagnosis && (
        <>
          <ul className="checks">
            {diagnosis.checks.map((result) => (
              <CheckLine key={result.check} result={result} />
            ))}
          </ul>
          <p className="muted note" role="status">
            Checked {format.time(diagnosis.checkedAt)}
          </p>
        </>
      )}
    </section>
  );
}
