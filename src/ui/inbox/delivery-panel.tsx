import { type Ref, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { InboxDetail, InboxEntity, InboxLine } from '../../domain/inbox.ts';
import { entityNames, isEntityType } from '../bootstrap/words.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import type { EntityName } from '../entity/entities.ts';
import { EntityPanel } from '../entity/entity-panel.tsx';
import { useFormat } from '../format-context.ts';
import { FactsList } from '../views/facts-list.tsx';
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

/** All that was kept of one delivery; in its place, when the viewer asks for it, the entity that it is about. */
export function DeliveryPanel({ inbox, line, onReplay, onClose }: DeliveryPanelProps) {
  const { data: detail, error } = useDelivery(inbox, line);
  const [entity, setEntity] = useState<EntityName | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const back = () => {
    // What is hidden takes no focus.
    flushSync(() => setEntity(null));
    (opener.current ?? heading.current)?.focus();
  };

  return (
    <>
      <article
        className="detail-panel"
        aria-labelledby="delivery-title"
        data-delivery={line.state}
        hidden={entity !== null}
      >
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
        {detail !== undefined && <Kept detail={detail} opener={opener} onOpen={setEntity} />}
      </article>
      {entity !== null && <EntityPanel entities={inbox.entities} entity={entity} asOf={line.changedAt} onBack={back} />}
    </>
  );
}

interface KeptProps {
  readonly detail: InboxDetail;
  /** The button that opens the entity. */
  readonly opener: Ref<HTMLButtonElement>;
  readonly onOpen: (entity: EntityName) => void;
}

function Kept({ detail, opener, onOpen }: KeptProps) {
  const format = useFormat();
  const { id, deliveries, receivedAt, lastReceivedAt, latencyMs, requestId, workflowId, entity, headers } = detail;
  const about = entity && <About entity={entity} opener={opener} onOpen={onOpen} />;

  return (
    <>
      <FactsList
        facts={[
          ['Received', format.moment(receivedAt)],
          [
            'Came last',
            deliveries > 1 ? `${format.moment(lastReceivedAt)}, ${format.count(deliveries)} times in all` : null,
          ],
          ['Processed after', latencyMs === null ? null : format.latency(latencyMs)],
          ['About', about],
          ['Workflow', workflowId],
          ['Request', requestId],
          ['Delivery', id],
        ]}
      />
      <DeliveryBody detail={detail} />
      <details>
        <summary>Headers</summary>
        <FactsList facts={Object.entries(headers)} />
      </details>
    </>
  );
}

interface AboutProps extends Omit<KeptProps, 'detail'> {
  readonly entity: InboxEntity;
}

/** The entity of a delivery, and the way to it where the copy holds it. */
function About({ entity: { type: kind, id, version, isDeleted }, opener, onOpen }: AboutProps) {
  const isKnown = isEntityType(kind);
  const name = `${isKnown ? entityNames[kind] : kind} ${id}`;
  if (version === null) return `${name}, not in the copy`;
  return (
    <>
      {name}, version {version} in the copy{isDeleted && ', deleted'}{' '}
      {isKnown && (
        <button type="button" className="quiet" ref={opener} onClick={() => onOpen({ kind, id })}>
          Open the entity
        </button>
      )}
    </>
  );
}
