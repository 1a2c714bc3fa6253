import type { StreamState } from '../live/live-stream.ts';
import { sentenceOf } from '../sentences.ts';

interface ConnectionNoteProps {
  readonly state: StreamState;
  readonly retry: () => void;
}

/** Says that what is shown has stopped following what happens, and why. */
export function ConnectionNote({ state: { connection, refusal }, retry }: ConnectionNoteProps) {
  return (
    <div role="status" className="connection" data-connection={connection}>
      {connection === 'live' && <span className="live">Live</span>}
      {connection === 'connecting' && <span className="live">Connecting…</span>}
      {connection === 'lost' && (
        <p className="callout">
          <strong>Connection lost, trying again.</strong> The figures may be out of date.{' '}
          {refusal !== null && sentenceOf(refusal.code)}{' '}
          <button type="button" className="quiet" onClick={retry}>
            Try now
          </button>
        </p>
      )}
    </div>
  );
}
