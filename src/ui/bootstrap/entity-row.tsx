import { type BootstrapStatus, countRows, type EntityStatus } from '../../domain/bootstrap-status.ts';
import { useFormat } from '../format-context.ts';
import { type AskedOrder, isPossibleFor } from '../orders/order-rules.ts';
import { orderWords } from '../orders/order-words.ts';
import { EntityProof } from './entity-proof.tsx';
import { barOf } from './progress.ts';
import { entityNames, stateWords } from './words.ts';

interface EntityRowProps {
  readonly status: EntityStatus;
  readonly run: BootstrapStatus['status'];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly onAsk: (order: AskedOrder) => void;
}

/** How far one kind of data is, whether it is complete, how fresh it is, and what can be done with it. */
export function EntityRow({ status, run, now, onAsk }: EntityRowProps) {
  const format = useFormat();
  const { entity, lastFullScanAt: scannedAt, lastDeltaAt, lastEventAt, missed } = status;
  const name = entityNames[entity];

  return (
    <tr data-entity={entity} data-state={status.state}>
      <th scope="row">{name}</th>
      <td data-label="State">
        <span className="badge">{stateWords[status.state]}</span>
      </td>
      <td data-label="Rows" className="rows">
        <EntityBar status={status} label={`${name}: rows read`} />
        {status.pages === 0 && status.rows === 0 ? (
          <span className="muted">–</span>
        ) : (
          <p>
            <span>{format.rows(countRows(status), status.expected)}</span>
            <span className="muted pages">{format.pages(status.pages)}</span>
          </p>
        )}
      </td>
      <td data-label="Rows/s" className="number">
        {format.rate(status.ratePerSecond)}
      </td>
      <td data-label="Time left" className="number">
        {format.duration(status.etaSeconds)}
      </td>
      <td data-label="Completeness" className="completeness">
        <EntityProof status={status} />
      </td>
      <td data-label="Last full read" className="fresh">
        {scannedAt === null ? <span className="muted">Never</span> : <Ago at={scannedAt} now={now} />}
        {lastDeltaAt !== null && (
          <p className="muted note">
            Changes read <Ago at={lastDeltaAt} now={now} />
          </p>
        )}
        {lastEventAt !== null && (
          <p className="muted note">
            Last event <Ago at={lastEventAt} now={now} />
          </p>
        )}
        {missed > 0 && <p className="muted note">Changes found that no event told: {format.count(missed)}</p>}
      </td>
      <td className="action">
        {(['restartEntity', 'skipEntity'] as const)
          .filter((verb) => isPossibleFor(verb, status, run))
          .map((verb) => (
            <button
              key={verb}
              type="button"
              className="quiet"
              aria-label={`${orderWords[verb].button}: ${name}`}
              onClick={() => onAsk({ verb, entity })}
            >
              {orderWords[verb].button}
            </button>
          ))}
      </td>
    </tr>
  );
}

function Ago({ at, now }: { readonly at: string; readonly now: number }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.time(at)}>
      {format.ago(at, now)}
    </time>
  );
}

function EntityBar({ status, label }: { readonly status: EntityStatus; readonly label: string }) {
  const bar = barOf(status);
  if (bar === null) return null;
  return <progress aria-label={label} max={bar.max} {...(bar.value !== null && { value: bar.value })} />;
}
