import type { EntityStatus } from '../../domain/bootstrap-status.ts';
import { remedies } from '../../domain/remedies.ts';
import { useFormat } from '../format-context.ts';
import { completenessOf } from './progress.ts';

/** Whether one kind of data is complete and how we know; else what is in the way, and what to do about it. */
export function EntityProof({ status }: { readonly status: EntityStatus }) {
  const completeness = completenessOf(status, useFormat());
  const error = currentErrorOf(status);

  if (completeness?.proven === true) {
    return (
      <span className="tick">
        <span className="visually-hidden">Complete: </span>
        {completeness.text}
      </span>
    );
  }
  return (
    <>
      {completeness === null && error === null && <span className="muted">–</span>}
      {completeness !== null && <span className="unproven note">{completeness.text}</span>}
      {error?.text != null && <span className="last-error note">{error.text}</span>}
      {error?.remedy != null && <span className="remedy note">{error.remedy}</span>}
    </>
  );
}

/** The last error while it matters: one that was overcome is history. The reason may say the same already. */
function currentErrorOf({ state, lastError, lastErrorCode, reason }: EntityStatus) {
  if (state === 'read' || state === 'waiting' || (lastError === null && lastErrorCode === null)) return null;
  return {
    text: lastError === reason ? null : lastError,
    remedy: lastErrorCode === null ? null : remedies[lastErrorCode],
  };
}
