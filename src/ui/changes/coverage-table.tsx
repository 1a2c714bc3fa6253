import type { EntityCoverage } from '../../domain/coverage.ts';
import { entityNames } from '../bootstrap/words.ts';
import { wayWords } from './coverage-words.ts';

interface CoverageTableProps {
  readonly entities: readonly EntityCoverage[];
  /** The id of what names the table. */
  readonly labelledBy: string;
}

/** For each kind of data how its changes arrive, and why so. */
export function CoverageTable({ entities, labelledBy }: CoverageTableProps) {
  return (
    <table className="coverage" aria-labelledby={labelledBy}>
      <thead>
        <tr>
          <th scope="col">Data</th>
          <th scope="col">Changes arrive</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {entities.map(({ entity, way, reason }) => (
          <tr key={entity} data-covered={entity} data-way={way}>
            <th scope="row">{entityNames[entity]}</th>
            <td>
              <span className="badge">{wayWords[way]}</span>
            </td>
            <td>{reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
