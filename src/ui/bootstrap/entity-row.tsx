import type { EntityStatus } from '../../domain/bootstrap-status.ts';
import type { EntityType } from '../../domain/entities.ts';
import { useFormat } from '../format-context.ts';
import { barOf, completenessOf } from './progress.ts';
import { entityNames, stateWords } from './words.ts';

interface EntityRowProps {
  readonly status: EntityStatus;
  readonly disabled: boolean;
  readonly onReadAgain: (entity: EntityType) => void;
}

/** How far one kind of data is, and whether it is complete. */
export function EntityRow({ status, disabled, onReadAgain }: EntityRowProps) {
  const format = useFormat();
  const name = entityNames[status.entity];
  // An error that was overcome is history.
  const error = status.state === 'reading' || status.state === 'failed' ? status.lastError : null;

  return (
    <tr data-entity={status.entity} data-state={status.state}>
      <th scope="row">{name}</th>
      <td data-label="State">
        <span className="badge">{stateWords[status.state]}</span>
        {error !== null && error !== status.reason && <span className="last-error note">{error}</span>}
      </td>
      <td data-label="Rows" className="rows">
        <EntityBar status={status} label={`${name}: rows read`} />
        <span>{format.rows(status.rows, status.expected)}</span>
      </td>
      <td data-label="Pages" className="number">
        {format.count(status.pages)}
      </td>
      <td data-label="Rows/s" className="number">
        {format.rate(status.ratePerSecond)}
      </td>
      <td data-label="Time left" className="number">
        {format.duration(status.etaSeconds)}
      </td>
      <td data-label="Completeness" className="completeness">
        <Completeness status={status} />
      </td>
      <td className="action">
        <button
          type="button"
          className="quiet"
          aria-label={`Read again: ${name}`}
          disabled={disabled}
          onClick={() => onReadAgain(status.entity)}
        >
          Read again
        </button>
      </td>
    </tr>
  );
}

function EntityBar({ status, label }: { readonly status: EntityStatus; readonly label: string }) {
  const bar = barOf(status);
  if (bar === null) return null;
  return <progress aria-label={label} max={bar.max} {...(bar.value !== null && { value: bar.value })} />;
}

function Completeness({ status }: { readonly status: EntityStatus }) {
  const completeness = completenessOf(status, useFormat());
  if (completeness === null) return <span className="muted">–</span>;
  if (!completeness.proven) return <span className="unproven note">{completeness.text}</span>;
  return (
    <span className="tick">
      <span className="visually-hidden">Complete: </span>
      {completeness.text}
    </span>
  );
}
