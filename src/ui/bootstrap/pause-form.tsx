import type { RunStatus } from '../../domain/bootstrap-status.ts';
import { isMoving, isUnderWay } from './progress.ts';
import { readText } from './start-options.ts';

interface PauseFormProps {
  readonly status: RunStatus;
  readonly busy: boolean;
  readonly onSend: (action: 'pause' | 'resume', reason: string | null) => void;
}

/** Pauses and resumes the run, with a reason for whoever looks later. */
export function PauseForm({ status, busy, onSend }: PauseFormProps) {
  const paused = status === 'PAUSED';

  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(paused ? 'resume' : 'pause', readText(new FormData(event.currentTarget).get('reason')));
      }}
    >
      <fieldset disabled={busy || !isUnderWay(status)}>
        <legend>Current run</legend>
        <p className="muted">
          {isUnderWay(status) ? 'Pausing keeps what was read; resuming goes on from there.' : 'No run is under way.'}
        </p>
        <div className="fields">
          <label className="wide">
            Reason (optional)
            <input key={String(paused)} type="text" name="reason" maxLength={200} autoComplete="off" />
          </label>
        </div>
        <div className="buttons">
          <button type={paused ? 'button' : 'submit'} disabled={!isMoving(status)}>
            Pause
          </button>
          <button type={paused ? 'submit' : 'button'} disabled={!paused}>
            Resume
          </button>
        </div>
      </fieldset>
    </form>
  );
}
