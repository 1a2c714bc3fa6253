import type { OperatorVerb } from '../../domain/operator-orders.ts';
import { ReasonField } from './ask-dialog.tsx';

interface OrderFieldsProps {
  readonly verb: OperatorVerb;
  readonly rate: number;
  readonly confirmation: string | null;
  readonly onConfirm: (typed: string) => void;
}

/** What an order takes: its own field, a reason, and the word that confirms it. */
export function OrderFields({ verb, rate, confirmation, onConfirm }: OrderFieldsProps) {
  return (
    <div className="fields single">
      {verb === 'changeRate' && (
        <label>
          Requests per second, 1 to 50
          <input type="number" name="requestsPerSecond" min={1} max={50} step="any" required defaultValue={rate} />
        </label>
      )}
      <ReasonField />
      {confirmation !== null && (
        <label>
          <span>
            Type <strong>{confirmation}</strong> to confirm
          </span>
          <input
            type="text"
            name="confirmation"
            required
            autoComplete="off"
            onChange={(event) => onConfirm(event.currentTarget.value)}
          />
        </label>
      )}
    </div>
  );
}
