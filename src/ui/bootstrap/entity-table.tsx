import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import type { AskedOrder } from '../orders/order-rules.ts';
import { useNow } from '../use-now.ts';
import { EntityRow } from './entity-row.tsx';
import { StateCounts } from './state-counts.tsx';

interface EntityTableProps {
  readonly status: BootstrapStatus;
  readonly onAsk: (order: AskedOrder) => void;
}

/** One row for each kind of data, in the order of the run. */
export function EntityTable({ status, onAsk }: EntityTableProps) {
  const now = useNow();

  return (
    <section className="card entities" aria-labelledby="entities-title">
      <div className="card-head">
        <h2 id="entities-title">Data by kind</h2>
        <StateCounts entities={status.entities} />
      </div>
      <table aria-labelledby="entities-title">
        <thead>
          <tr>
            <th scope="col">Data</th>
            <th scope="col">State</th>
            <th scope="col">Rows</th>
            <th scope="col" className="number">
              Rows/s
            </th>
            <th scope="col" className="number">
              Time left
            </th>
            <th scope="col">Completeness</th>
            <th scope="col">Last full read</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {status.entities.map((entity) => (
            <EntityRow key={entity.entity} status={entity} run={status.status} now={now} onAsk={onAsk} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
