import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import type { BootstrapApi } from '../bootstrap/api.ts';
import { useOperatorActions } from '../bootstrap/queries.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { OrderLine } from './order-line.tsx';

interface OrderLogProps {
  readonly api: BootstrapApi;
  readonly status: BootstrapStatus;
  /** The viewer's own user id. */
  readonly viewer: string | null;
}

/** Who did what, when and why: newest first. */
export function OrderLog({ api, status, viewer }: OrderLogProps) {
  const { data: lines, error, isPending } = useOperatorActions(api, status);

  return (
    <section className="card" aria-labelledby="log-title">
      <h2 id="log-title">Log</h2>
      <p className="muted">Every order, from this page, the API or Temporal. Lines are never changed or removed.</p>
      {error !== null && <RefusalAlert error={error} title="The log could not be loaded." />}
      {isPending && <p role="status">Loading the log…</p>}
      {lines?.length === 0 && <p className="empty">Nobody has given an order so far.</p>}
      {lines !== undefined && lines.length > 0 && (
        <ol className="log">
          {lines.map((line) => (
            <OrderLine key={line.seq} line={line} viewer={viewer} />
          ))}
        </ol>
      )}
    </section>
  );
}
