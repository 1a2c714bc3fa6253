import { useState } from 'react';
import type { BootstrapOptions } from '../../domain/bootstrap-options.ts';
import { readStartOptions, scopeWords } from './start-options.ts';

interface StartFormProps {
  readonly underWay: boolean;
  readonly busy: boolean;
  readonly limitPerSecond: number;
  readonly onStart: (options: Partial<BootstrapOptions>) => void;
}

/** Starts a run with the chosen options. */
export function StartForm({ underWay, busy, limitPerSecond, onStart }: StartFormProps) {
  const [timeEntries, setTimeEntries] = useState(true);

  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        onStart(readStartOptions(new FormData(event.currentTarget)));
      }}
    >
      <fieldset disabled={busy || underWay}>
        <legend>Make a new copy</legend>
        <p className="muted">
          {underWay
            ? 'Possible when the current run has ended.'
            : 'What is copied already is kept and brought up to date.'}
        </p>
        <div className="fields">
          <label className="wide">
            Scope
            <select name="scope" defaultValue="standard">
              {Object.entries(scopeWords).map(([scope, words]) => (
                <option key={scope} value={scope}>
                  {words}
                </option>
              ))}
            </select>
          </label>
          <label className="check wide">
            <input
              type="checkbox"
              name="timeEntries"
              checked={timeEntries}
              onChange={(event) => setTimeEntries(event.currentTarget.checked)}
            />
            Include time entries
          </label>
          <label>
            Days back
            <input
              type="number"
              name="timeEntryDays"
              min={1}
              max={36_500}
              placeholder="Default"
              disabled={!timeEntries}
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
        <button type="submit" className="primary">
          Rebuild workspace snapshot
        </button>
      </fieldset>
    </form>
  );
}
