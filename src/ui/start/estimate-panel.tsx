import type { BootstrapOptions } from '../../domain/bootstrap-options.ts';
import type { BootstrapApi } from '../bootstrap/api.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { EstimateFigures } from './estimate-figures.tsx';
import { useEstimate } from './use-estimate.ts';

interface EstimatePanelProps {
  readonly api: BootstrapApi;
  readonly options: Partial<BootstrapOptions> | null;
}

/** What the run in the form would cost, before it starts. */
export function EstimatePanel({ api, options }: EstimatePanelProps) {
  const { estimate, error, isFetching, isOutdated, ask } = useEstimate(api, options);

  return (
    <section className="card estimate" aria-labelledby="estimate-title" aria-busy={isFetching}>
      <div className="card-head">
        <h2 id="estimate-title">What it would cost</h2>
        <button type="button" disabled={isFetching || options === null} onClick={ask}>
          {isFetching ? 'Estimating…' : 'Estimate'}
        </button>
      </div>
      {estimate === undefined && !isFetching && error === null && (
        <p className="muted">Requests to Clockify and time, for the options on this page.</p>
      )}
      {error !== null && <RefusalAlert error={error} title="The estimate could not be made." />}
      {estimate !== undefined && <EstimateFigures estimate={estimate} isOutdated={isOutdated} />}
    </section>
  );
}
