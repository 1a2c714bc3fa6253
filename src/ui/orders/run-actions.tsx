import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import { type AskedOrder, isPossible } from './order-rules.ts';
import { orderWords } from './order-words.ts';

interface RunActionsProps {
  readonly status: BootstrapStatus;
  readonly onAsk: (order: AskedOrder) => void;
}

const others = ['retryFailed', 'changeRate', 'restartAll', 'cancel'] as const;

/** The orders about the run as a whole that make sense as things stand. */
export function RunActions({ status, onAsk }: RunActionsProps) {
  // One button for both, so that it keeps the focus.
  const toggle = isPossible('resume', status) ? 'resume' : 'pause';

  return (
    <div className="buttons" role="group" aria-label="Actions for the run">
      {isPossible(toggle, status) && (
        <button type="button" className={toggle === 'resume' ? 'primary' : ''} onClick={() => onAsk({ verb: toggle })}>
          {orderWords[toggle].button}
        </button>
      )}
      {others
        .filter((verb) => isPossible(verb, status))
        .map((verb) => (
          <button
            key={verb}
            type="button"
            className={verb === 'cancel' ? 'danger' : ''}
            onClick={() => onAsk({ verb })}
          >
            {orderWords[verb].button}
          </button>
        ))}
    </div>
  );
}
