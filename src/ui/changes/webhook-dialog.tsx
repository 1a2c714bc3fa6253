import { useEffect, useRef } from 'react';
import type { WebhookVerb } from '../../domain/operator-orders.ts';
import type { BootstrapApi } from '../bootstrap/api.ts';
import { useWebhookOrder, useWebhookPreview } from '../bootstrap/queries.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { readText } from '../form-fields.ts';
import { webhookWords } from './coverage-words.ts';
import { WebhookPlan } from './webhook-plan.tsx';

interface WebhookDialogProps {
  readonly api: BootstrapApi;
  readonly verb: WebhookVerb;
  readonly onObeyed: (effect: string) => void;
  readonly onClose: () => void;
}

/** Shows what an order about webhooks would do, asks for its reason, and closes once it was obeyed. */
export function WebhookDialog({ api, verb, onObeyed, onClose }: WebhookDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const order = useWebhookOrder(api);
  const { button, title, explanation } = webhookWords[verb];

  useEffect(() => dialog.current?.showModal(), []);

  const close = () => dialog.current?.close();
  const obeyed = (effect: string) => {
    close();
    onObeyed(effect);
  };

  return (
    <dialog ref={dialog} aria-labelledby="webhook-order-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const reason = readText(new FormData(event.currentTarget).get('reason'));
          order.mutate({ verb, body: reason === null ? {} : { reason } }, { onSuccess: obeyed });
        }}
      >
        <h2 id="webhook-order-title">{title}</h2>
        <p>{explanation}</p>
        {verb === 'registerWebhooks' && <Preview api={api} />}
        {order.error !== null && <RefusalAlert error={order.error} title="That did not work." />}
        <div className="fields single">
          <label>
            Reason (optional)
            <textarea name="reason" rows={2} maxLength={500} aria-describedby="webhook-reason-hint" />
          </label>
          <p id="webhook-reason-hint" className="muted hint">
            It is kept in the log, with your user id and the time.
          </p>
        </div>
        <div className="buttons end">
          <button type="button" onClick={close}>
            Back
          </button>
          <button type="submit" className="primary" disabled={order.isPending}>
            {order.isPending ? 'Asking Clockify…' : button}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function Preview({ api }: { readonly api: BootstrapApi }) {
  const { data: preview, error } = useWebhookPreview(api);
  if (error !== null) return <RefusalAlert error={error} title="Clockify did not tell what there is." />;
  return preview === undefined ? (
    <p role="status">Asking Clockify what there is…</p>
  ) : (
    <WebhookPlan preview={preview} />
  );
}
