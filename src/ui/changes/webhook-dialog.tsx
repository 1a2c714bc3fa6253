import type { WebhookVerb } from '../../domain/operator-orders.ts';
import type { BootstrapApi } from '../bootstrap/api.ts';
import { useWebhookOrder, useWebhookPreview } from '../bootstrap/queries.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { readText } from '../form-fields.ts';
import { AskDialog, ReasonField } from '../orders/ask-dialog.tsx';
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
  const order = useWebhookOrder(api);
  const { button, title, explanation } = webhookWords[verb];

  return (
    <AskDialog
      title={title}
      explanation={explanation}
      button={order.isPending ? 'Asking Clockify…' : button}
      isDisabled={order.isPending}
      onSubmit={(form, obeyed) => {
        const reason = readText(form.get('reason'));
        order.mutate({ verb, body: reason === null ? {} : { reason } }, { onSuccess: obeyed });
      }}
      onObeyed={onObeyed}
      onClose={onClose}
    >
      {verb === 'registerWebhooks' && <Preview api={api} />}
      {order.error !== null && <RefusalAlert error={order.error} title="That did not work." />}
      <div className="fields single">
        <ReasonField />
      </div>
    </AskDialog>
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
