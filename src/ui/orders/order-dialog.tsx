import { useState } from 'react';
import type { BootstrapApi } from '../bootstrap/api.ts';
import { useOrder } from '../bootstrap/queries.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { entityNames } from '../bootstrap/words.ts';
import { AskDialog } from './ask-dialog.tsx';
import { OrderFields } from './order-fields.tsx';
import type { AskedOrder } from './order-rules.ts';
import { orderWords } from './order-words.ts';
import { readOrder } from './read-order.ts';

interface OrderDialogProps {
  readonly api: BootstrapApi;
  readonly asked: AskedOrder;
  /** Requests a second that the run may send now. */
  readonly rate: number;
  readonly onObeyed: (effect: string) => void;
  readonly onClose: () => void;
}

/** Asks for the reason of an order, and for a word before what cannot be taken back; closes once it was obeyed. */
export function OrderDialog({ api, asked, rate, onObeyed, onClose }: OrderDialogProps) {
  const [typed, setTyped] = useState('');
  const order = useOrder(api);
  const words = orderWords[asked.verb];
  const confirmation = 'confirmation' in words ? words.confirmation : null;
  const isConfirmed = confirmation === null || typed.trim().toLowerCase() === confirmation;

  return (
    <AskDialog
      title={'entity' in asked ? words.title.replace('…', entityNames[asked.entity]) : words.title}
      explanation={words.explanation}
      button={words.button}
      isDangerous={confirmation !== null}
      isDisabled={!isConfirmed || order.isPending}
      onSubmit={(form, obeyed) => order.mutate(readOrder(asked, form), { onSuccess: obeyed })}
      onObeyed={onObeyed}
      onClose={onClose}
    >
      {order.error !== null && <RefusalAlert error={order.error} title="That did not work." />}
      <OrderFields verb={asked.verb} rate={rate} confirmation={confirmation} onConfirm={setTyped} />
    </AskDialog>
  );
}
