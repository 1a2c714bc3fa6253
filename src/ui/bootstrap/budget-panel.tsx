import type { BudgetStatus } from '../../domain/bootstrap-status.ts';
import { useFormat } from '../format-context.ts';

/** How much of what Clockify allows is used, and how much is left. */
export function BudgetPanel({ budget }: { readonly budget: BudgetStatus }) {
  const format = useFormat();
  const { limitPerSecond, usedLastSecond, hourlyLimit, hourlyUsed, pausedUntil } = budget;

  return (
    <section className="card budget" aria-labelledby="budget-title">
      <h2 id="budget-title">Request budget</h2>
      <BudgetMeter name="This second" used={usedLastSecond} limit={limitPerSecond} />
      {hourlyLimit === null ? (
        <p className="muted note">No hourly limit has been learned from Clockify.</p>
      ) : (
        <BudgetMeter name="This hour" used={hourlyUsed ?? 0} limit={hourlyLimit} />
      )}
      {pausedUntil !== null && (
        <p className="callout" role="status">
          Clockify asked to wait. Requests go on at <time dateTime={pausedUntil}>{format.clock(pausedUntil)}</time>.
        </p>
      )}
    </section>
  );
}

function BudgetMeter({ name, used, limit }: { readonly name: string; readonly used: number; readonly limit: number }) {
  const format = useFormat();
  const left = Math.max(0, limit - used);

  return (
    <div className="budget-line">
      <p>
        <span>{name}</span>
        <strong>{format.count(left)} left</strong>
      </p>
      <meter aria-label={`Requests used, ${name.toLowerCase()}`} min={0} max={limit} value={Math.min(used, limit)} />
      <p className="muted note">{format.rows(used, limit)} requests used</p>
    </div>
  );
}
