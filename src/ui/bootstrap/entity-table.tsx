import type { EntityStatus } from '../../domain/bootstrap-status.ts';
import type { EntityType } from '../../domain/entities.ts';
import { EntityRow } from './entity-row.tsx';

interface EntityTableProps {
  readonly entities: readonly EntityStatus[];
  readonly disabled: boolean;
  readonly onReadAgain: (entity: EntityType) => void;
}

/** One row for each kind of data, in the order of the run. */
export function EntityTable({ entities, disabled, onReadAgain }: EntityTableProps) {
  return (
    <section className="card entities" aria-labelledby="entities-title">
      <h2 id="entities-title">Data by kind</h2>
      <table aria-labelledby="entities-title">
        <thead>
          <tr>
            <th scope="col">Data</th>
            <th scope="col">State</th>
            <th scope="col">Rows</th>
            <th scope="col" className="number">
              Pages
            </th>
            <th scope="col" className="number">
              Rows/s
            </th>
            <th scope="col" className="number">
              Time left
            </th>
            <th scope="col">Completeness</th>
            <th scope="col">
              <span className="visually-hidden">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entities.map((entity) => (
            <EntityRow key={entity.entity} status={entity} disabled={disabled} onReadAgain={onReadAgain} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
