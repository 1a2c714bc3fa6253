import { useState } from 'react';
import type { InboxDetail } from '../../domain/inbox.ts';
import { useFormat } from '../format-context.ts';

/** In characters; nobody reads more, and a browser would be slow to show it. */
const mostShown = 200_000;

/** The body of a delivery, with a line for each value or as it came. */
export function DeliveryBody({ detail }: { readonly detail: InboxDetail }) {
  const format = useFormat();
  const { bytes, text, base64, formatted } = detail;
  const [wantsRaw, setWantsRaw] = useState(false);
  const isRaw = wantsRaw || formatted === null;
  const shown = (isRaw ? (text ?? base64) : formatted) ?? '';

  return (
    <section className="body" aria-labelledby="body-title">
      <div className="card-head">
        <h4 id="body-title">
          Body <span className="muted">{format.count(bytes)} bytes</span>
        </h4>
        {formatted !== null && (
          <div className="toggle" role="group" aria-label="Show the body">
            <button type="button" className="quiet" aria-pressed={!isRaw} onClick={() => setWantsRaw(false)}>
              Formatted
            </button>
            <button type="button" className="quiet" aria-pressed={isRaw} onClick={() => setWantsRaw(true)}>
              Raw
            </button>
          </div>
        )}
      </div>
      {text === null && <p className="muted">It is no text; these are its bytes in base64.</p>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, by keyboard too */}
      <pre tabIndex={0} aria-labelledby="body-title" dir="ltr">
        {shown.slice(0, mostShown)}
      </pre>
      {shown.length > mostShown && (
        <p className="muted">
          The first {format.count(mostShown)} characters of {format.count(shown.length)}.
        </p>
      )}
    </section>
  );
}
