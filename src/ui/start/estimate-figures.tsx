import type { CostEstimate, EstimateBasis } from '../../domain/cost-estimate.ts';
import { entityNames } from '../bootstrap/words.ts';
import { useFormat } from '../format-context.ts';
import { Figure } from '../bootstrap/figure.tsx';

const basisWords = {
  mirror: 'Counted in the copy that we hold.',
  probes: 'From a few requests to Clockify: there is no copy to count in yet.',
} as const satisfies Record<EstimateBasis, string>;

interface EstimateFiguresProps {
  readonly estimate: CostEstimate;
  readonly isOutdated: boolean;
}

/** The figures of an estimate, as a whole and by kind of data. */
export function EstimateFigures({ estimate, isOutdated }: EstimateFiguresProps) {
  const format = useFormat();
  const { calls, margin, minutes, basis, entities, plan, pace, notes } = estimate;

  return (
    <div className="estimate-figures" data-outdated={isOutdated}>
      <div role="status">
        <dl className="figures">
          <Figure
            name="Requests"
            value={format.count(calls)}
            note={margin > 0 ? `give or take ${format.count(margin)}` : null}
          />
          <Figure
            name="Time"
            value={`about ${format.duration(Math.ceil(minutes) * 60)}`}
            note={`at ${format.rate(pace.requestsPerSecond)} requests/s`}
          />
          {pace.requestsPerHour !== null && (
            <Figure name="Hourly limit" value={format.count(pace.requestsPerHour)} note="requests" />
          )}
          {plan !== null && <Figure name="Plan" value={plan} />}
        </dl>
      </div>
      <p className="muted">{isOutdated ? 'The options have changed; the estimate follows.' : basisWords[basis]}</p>
      {notes.length > 0 && (
        <ul className="notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <details>
        <summary>By kind of data</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Data</th>
              <th scope="col" className="number">
                Requests
              </th>
              <th scope="col" className="number">
                Rows
              </th>
            </tr>
          </thead>
          <tbody>
            {entities.map((cost) => (
              <tr key={cost.entity}>
                <th scope="row">{entityNames[cost.entity]}</th>
                <td className="number">{format.count(cost.calls)}</td>
                <td className="number">{format.count(cost.rows)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
