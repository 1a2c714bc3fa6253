import { useState } from 'react';
import type { InboxDetail } from '../../domain/inbox.ts';
import { useFormat } from '../format-context.ts';
import { LongText } from '../views/long-text.tsx';

/** The body of a delivery, with a line for each value or as it came. */
export function DeliveryBody({ detail }: { readonly detail: InboxDetail }) {
  const format = useFormat();
  const { bytes, text, base64, formatted } = detail;
  const [wantsRaw, setWantsRaw] = useState(false);
  const isRaw = wantsRaw || formatted === null;

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
      <LongText text={(isRaw ? (text ?? base64) : formatted) ?? ''} labelledBy="body-title" />
    </section>
  );
}
