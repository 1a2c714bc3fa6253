import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import { BudgetPanel } from '../bootstrap/budget-panel.tsx';
import { EntityTable } from '../bootstrap/entity-table.tsx';
import { FirstCopy } from '../bootstrap/first-copy.tsx';
import { RunOverview } from '../bootstrap/run-overview.tsx';
import type { AskedOrder } from '../orders/order-rules.ts';

interface StatusSectionProps {
  readonly status: BootstrapStatus;
  readonly onAsk: (order: AskedOrder) => void;
  readonly onStart: () => void;
}

/** What is copied, and what is not. */
export function StatusSection({ status, onAsk, onStart }: StatusSectionProps) {
  return (
    <>
      <div className="columns wide-first">
        {status.status === 'NOT_STARTED' ? (
          <FirstCopy onStart={onStart} />
        ) : (
          <RunOverview status={status} onAsk={onAsk} />
        )}
        <BudgetPanel budget={status.budget} />
      </div>
      {status.entities.length > 0 && <EntityTable status={status} onAsk={onAsk} />}
    </>
  );
}
