import { statusWords } from './words.ts';

/** Takes the place of the run while there was none. */
export function FirstCopy({ onStart }: { readonly onStart: () => void }) {
  return (
    <section className="card first-copy" aria-label="Current run">
      <div role="status">
        <h2 className="run-status" data-status="NOT_STARTED">
          {statusWords.NOT_STARTED}
        </h2>
        <p className="muted">Choose what to copy, see what it costs, and start. It can be paused at any time.</p>
      </div>
      <div className="buttons">
        <button type="button" className="primary" onClick={onStart}>
          Make the first copy
        </button>
      </div>
    </section>
  );
}
