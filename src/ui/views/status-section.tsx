import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import { BudgetPanel } from '../bootstrap/budget-panel.tsx';
import { EntityTable } from '../bootstrap/entity-table.tsx';
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
        <RunOverview status={status} onAsk={onAsk} />
        <BudgetPanel budget={status.budget} />
      </div>
      {status.entities.length > 0 && <EntityTable status={status} onAsk={onAsk} />}
      {status.status === 'NOT_STARTED' && (
        <section className="card empty-card" aria-labelledby="empty-title">
          <h2 id="empty-title">No copy yet</h2>
          <p className="muted">Choose what to copy, see what it costs, and start. It can be paused at any time.</p>
          <button type="button" className="primary" onClick={onStart}>
            Make the first copy
          </button>
        </section>
      )}
    </>
  );
}
