import type { InboxLine } from '../../domain/inbox.ts';
import { entityNames, isEntityType } from '../bootstrap/words.ts';
import { useFormat } from '../format-context.ts';
import { deliveryWords, describeOutcome } from './inbox-words.ts';

interface LineRowProps {
  readonly line: InboxLine;
  readonly isOpen: boolean;
  readonly isMarked: boolean;
  readonly onOpen: (line: InboxLine) => void;
  readonly onMark: (id: string, isMarked: boolean) => void;
}

/** One delivery of the list. */
export function LineRow({ line, isOpen, isMarked, onOpen, onMark }: LineRowProps) {
  const format = useFormat();
  const { id, event, state, deliveries, receivedAt, entityType, entityId, latencyMs } = line;
  const facts = [
    entityType !== null && (isEntityType(entityType) ? entityNames[entityType] : entityType),
    entityId,
    deliveries > 1 && `came ${format.count(deliveries)} times`,
    latencyMs !== null && `after ${format.latency(latencyMs)}`,
  ].filter((fact) => fact !== false && fact !== null);

  return (
    <li data-delivery={state} data-open={isOpen}>
      <input
        type="checkbox"
        aria-label={`Select ${event} ${id}`}
        disabled={state === 'quarantined'}
        checked={isMarked}
        onChange={({ currentTarget }) => onMark(id, currentTarget.checked)}
      />
      <button type="button" className="line" aria-expanded={isOpen} onClick={() => onOpen(line)}>
        <span className="event">{event}</span>
        <span className="badge">{deliveryWords[state]}</span>
        <time className="muted" dateTime={receivedAt}>
          {format.moment(receivedAt)}
        </time>
        <span className="facts muted">{facts.join(' · ')}</span>
        <span className="outcome">{describeOutcome(line)}</span>
      </button>
    </li>
  );
}
