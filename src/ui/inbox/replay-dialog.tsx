import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { readText } from '../form-fields.ts';
import { AskDialog, ReasonField } from '../orders/ask-dialog.tsx';
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
  const replay = useReplay(inbox);
  const order = (reason: string | null) => ({
    ...(replayed === 'failed' ? { all: replayed } : { ids: [...replayed] }),
    ...(reason !== null && { reason }),
  });

  return (
    <AskDialog
      title={titleOf(replayed)}
      explanation="What they name is read from Clockify once more. Where nothing has changed, the copy stays as it is."
      button="Replay"
      isDisabled={replay.isPending}
      onSubmit={(form, obeyed) => replay.mutate(order(readText(form.get('reason'))), { onSuccess: obeyed })}
      onObeyed={onObeyed}
      onClose={onClose}
    >
      {replay.error !== null && (
        <RefusalAlert error={replay.error} title="That did not work." sentences={inboxSentences} />
      )}
      <div className="fields single">
        <ReasonField />
      </div>
    </AskDialog>
  );
}

function titleOf(replayed: Replayed): string {
  if (replayed === 'failed') return 'Replay all that failed';
  return replayed.length === 1 ? 'Replay this delivery' : `Replay ${replayed.length} deliveries`;
}
