import type { LiveState } from '../live/live-status.ts';
import { sentenceOf } from '../sentences.ts';

interface ConnectionNoteProps {
  readonly state: LiveState;
  readonly retry: () => void;
}

/** Says that the figures have stopped following the run, and why. */
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
