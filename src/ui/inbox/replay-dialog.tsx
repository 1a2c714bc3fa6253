import { useEffect, useRef } from 'react';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { readText } from '../form-fields.ts';
import { inboxSentences } from './inbox-words.ts';
import type { Inbox } from './inbox.ts';
import { useReplay } from './queries.ts';

/** Deliveries by id, or all that failed. */
export type Replayed = readonly string[] | 'failed';

interface ReplayDialogProps {
  readonly inbox: Inbox;
  readonly replayed: Replayed;
  readonly onObeyed: (effect: string) => void;
  readonly onClose: () => void;
}

/** Asks for the reason of a replay, and closes once it was obeyed. */
export function ReplayDialog({ inbox, replayed, onObeyed, onClose }: ReplayDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const replay = useReplay(inbox);

  useEffect(() => dialog.current?.showModal(), []);

  const close = () => dialog.current?.close();
  const obeyed = (effect: string) => {
    close();
    onObeyed(effect);
  };
  const order = (reason: string | null) => ({
    ...(replayed === 'failed' ? { all: replayed } : { ids: [...replayed] }),
    ...(reason !== null && { reason }),
  });

  return (
    <dialog ref={dialog} aria-labelledby="replay-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const reason = readText(new FormData(event.currentTarget).get('reason'));
          replay.mutate(order(reason), { onSuccess: obeyed });
        }}
      >
        <h2 id="replay-title">{titleOf(replayed)}</h2>
        <p>What they name is read from Clockify once more. Where nothing has changed, the copy stays as it is.</p>
        {replay.error !== null && (
          <RefusalAlert error={replay.error} title="That did not work." sentences={inboxSentences} />
        )}
        <div className="fields single">
          <label>
            Reason (optional)
            <textarea name="reason" rows={2} maxLength={500} aria-describedby="replay-hint" />
          </label>
          <p id="replay-hint" className="muted hint">
            It is kept in the log, with your user id and the time.
          </p>
        </div>
        <div className="buttons end">
          <button type="button" onClick={close}>
            Back
          </button>
          <button type="submit" className="primary" disabled={replay.isPending}>
            Replay
          </button>
        </div>
      </form>
    </dialog>
  );
}

function titleOf(replayed: Replayed): string {
  if (replayed === 'failed') return 'Replay all that failed';
  return replayed.length === 1 ? 'Replay this delivery' : `Replay ${replayed.length} deliveries`;
}
