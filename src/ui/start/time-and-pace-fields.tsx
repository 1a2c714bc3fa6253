import { useState } from 'react';

interface TimeAndPaceFieldsProps {
  readonly limitPerSecond: number;
  /** Whether time entries can be left out here. */
  readonly hasSwitch: boolean;
}

/** How far back time entries are read, and how fast. */
export function TimeAndPaceFields({ limitPerSecond, hasSwitch }: TimeAndPaceFieldsProps) {
  const [timeEntries, setTimeEntries] = useState(true);

  return (
    <div className="fields">
      {hasSwitch && (
        <label className="check wide">
          <input
            type="checkbox"
            name="timeEntries"
            checked={timeEntries}
            onChange={(event) => setTimeEntries(event.currentTarget.checked)}
          />
          Include time entries
        </label>
      )}
      <label>
        Time entries of the last … days
        <input
          type="number"
          name="timeEntryDays"
          min={1}
          max={36_500}
          placeholder="Default"
          disabled={hasSwitch && !timeEntries}
        />
      </label>
      <label>
        Requests per second
        <input
          type="number"
          name="requestsPerSecond"
          min={1}
          max={Math.min(50, limitPerSecond)}
          step="any"
          placeholder={String(limitPerSecond)}
        />
      </label>
    </div>
  );
}
