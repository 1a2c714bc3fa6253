import { useEffect, useRef } from 'react';
import type { InboxDetail, InboxLine } from '../../domain/inbox.ts';
import { entityNames, isEntityType } from '../bootstrap/words.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { useFormat } from '../format-context.ts';
import { DeliveryBody } from './delivery-body.tsx';
import { deliveryWords, describeOutcome, inboxSentences } from './inbox-words.ts';
import type { Inbox } from './inbox.ts';
import { useDelivery } from './queries.ts';

interface DeliveryPanelProps {
  readonly inbox: Inbox;
  readonly line: InboxLine;
  readonly onReplay: (ids: readonly string[]) => void;
  readonly onClose: () => void;
}

/** All that was kept of one delivery. */
export function DeliveryPanel({ inbox, line, onReplay, onClose }: DeliveryPanelProps) {
  const { data: detail, error } = useDelivery(inbox, line);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  return (
    <article className="delivery" aria-labelledby="delivery-title" data-delivery={line.state}>
      <h3 id="delivery-title" ref={heading} tabIndex={-1}>
        {line.event} <span className="badge">{deliveryWords[line.state]}</span>
      </h3>
      <div className="buttons">
        {line.state !== 'quarantined' && (
          <button type="button" onClick={() => onReplay([line.id])}>
            Replay
          </button>
        )}
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
      <p>{describeOutcome(line)}</p>
      {error !== null && (
        <RefusalAlert error={error} title="The delivery could not be loaded." sentences={inboxSentences} />
      )}
      {detail === undefined && error === null && <p role="status">Loading the delivery…</p>}
      {detail !== undefined && (
        <>
          <Facts detail={detail} />
          <DeliveryBody detail={detail} />
          <Headers headers={detail.headers} />
        </>
      )}
    </article>
  );
}

function Facts({ detail }: { readonly detail: InboxDetail }) {
  const format = useFormat();
  const { id, deliveries, receivedAt, lastReceivedAt, latencyMs, requestId, workflowId } = detail;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Received', format.moment(receivedAt)],
    ['Came last', deliveries > 1 ? `${format.moment(lastReceivedAt)}, ${format.count(deliveries)} times in all` : null],
    ['Processed after', latencyMs === null ? null : format.latency(latencyMs)],
    ['About', describeEntity(detail)],
    ['Workflow', workflowId],
    ['Request', requestId],
    ['Delivery', id],
  ];
  return (
    <dl className="facts-list">
      {facts.map(([name, fact]) => fact !== null && <Fact key={name} name={name} fact={fact} />)}
    </dl>
  );
}

function Fact({ name, fact }: { readonly name: string; readonly fact: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{fact}</dd>
    </div>
  );
}

function describeEntity({ entity }: InboxDetail): string | null {
  if (entity === null) return null;
  const name = `${isEntityType(entity.type) ? entityNames[entity.type] : entity.type} ${entity.id}`;
  if (entity.version === null) return `${name}, not in the copy`;
  return `${name}, version ${entity.version} in the copy${entity.isDeleted ? ', deleted' : ''}`;
}

function Headers({ headers }: Pick<InboxDetail, 'headers'>) {
  return (
    <details>
      <summary>Headers</summary>
      <dl className="facts-list">
        {Object.entries(headers).map(([name, value]) => (
          <Fact key={name} name={name} fact={value} />
        ))}
      </dl>
    </details>
  );
}
