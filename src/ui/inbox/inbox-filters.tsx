import { deliveryStates, type DeliveryState, type InboxFilter } from '../../domain/inbox.ts';
import { webhookEvents } from '../../domain/webhook-events.ts';
import { deliveryWords } from './inbox-words.ts';

interface InboxFiltersProps {
  readonly filter: InboxFilter;
  readonly onChange: (filter: InboxFilter) => void;
}

/** Narrows the list by event, state and time of receipt. */
export function InboxFilters({ filter, onChange }: InboxFiltersProps) {
  const set = <Name extends keyof InboxFilter>(name: Name, value: InboxFilter[Name]) => {
    const { [name]: _, ...others } = filter;
    onChange(value === undefined ? others : { ...others, [name]: value });
  };

  return (
    <form className="inbox-filters" aria-label="Filter" onReset={() => onChange({})}>
      <label>
        Event
        <select onChange={({ currentTarget: { value } }) => set('event', value || undefined)}>
          <option value="">All events</option>
          {webhookEvents.map((event) => (
            <option key={event}>{event}</option>
          ))}
        </select>
      </label>
      <label>
        State
        <select
          onChange={({ currentTarget: { value } }) => set('state', (value || undefined) as DeliveryState | undefined)}
        >
          <option value="">All states</option>
          {deliveryStates.map((state) => (
            <option key={state} value={state}>
              {deliveryWords[state]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Received from
        <input type="datetime-local" onChange={({ currentTarget }) => set('from', readTime(currentTarget.value))} />
      </label>
      <label>
        Received before
        <input type="datetime-local" onChange={({ currentTarget }) => set('to', readTime(currentTarget.value))} />
      </label>
      <button type="reset">Clear</button>
    </form>
  );
}

/** The viewer's own time as ISO 8601 in UTC; undefined while it is not complete. */
function readTime(text: string): string | undefined {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
