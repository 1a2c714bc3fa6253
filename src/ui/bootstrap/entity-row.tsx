import type { EntityStatus } from '../../domain/bootstrap-status.ts';
import type { EntityType } from '../../domain/entities.ts';
import { useFormat } from '../format-context.ts';
import { explain } from '../sentences.ts';
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

  return (
    <tr data-entity={status.entity}>
      <th scope="row">{name}</th>
      <td data-label="State">
        <span className="badge" data-state={status.state}>
          {stateWords[status.state]}
        </span>
        {status.lastError !== null && status.lastError !== status.reason && (
          <span className="error note">{explain(status.lastError)}</span>
        )}
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
      <td data-label="Completeness">
        <Completeness status={status} />
      </td>
      <td className="action">
        <button type="button" className="quiet" disabled={disabled} onClick={() => onReadAgain(status.entity)}>
          Read again<span className="visually-hidden">: {name}</span>
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
  if (!completeness.proven) return <span className="note">{completeness.text}</span>;
  return (
    <span className="tick">
      <span className="visually-hidden">Complete: </span>
      {completeness.text}
    </span>
  );
}
