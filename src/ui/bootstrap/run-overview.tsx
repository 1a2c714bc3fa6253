import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import { useFormat } from '../format-context.ts';
import { type AskedOrder } from '../orders/order-rules.ts';
import { RunActions } from '../orders/run-actions.tsx';
import { Figure } from './figure.tsx';
import { isUnderWay, type Summary, summarise } from './progress.ts';
import { statusWords } from './words.ts';

interface RunOverviewProps {
  readonly status: BootstrapStatus;
  readonly onAsk: (order: AskedOrder) => void;
}

/** The run as a whole: its state in words, one bar, its figures and what can be done with it. */
export function RunOverview({ status, onAsk }: RunOverviewProps) {
  const format = useFormat();
  const summary = summarise(status);

  return (
    <section className="card overview" aria-label="Current run">
      <div role="status">
        <h2 className="run-status" data-status={status.status}>
          {statusWords[status.status]}
        </h2>
        <p className="muted">
          {summary.settled} of {summary.total} kinds of data done
        </p>
      </div>
      <div className="whole-run">
        <progress aria-label="Whole run" value={summary.fraction} max={1} />
        <span>{format.percent(summary.fraction)}</span>
      </div>
      <dl className="figures">
        <Figure name="Rows copied" value={format.count(summary.rows)} />
        <Figure name="Requests sent" value={format.count(status.requests)} />
        {isUnderWay(status.status) ? (
          <Figure name="Time left" value={timeLeft(summary, format.duration)} />
        ) : (
          <Figure name="Ended" value={format.time(status.finishedAt)} />
        )}
        <Figure
          name="Last complete copy"
          value={status.lastBootstrapAt === null ? 'Never' : format.time(status.lastBootstrapAt)}
        />
      </dl>
      <RunActions status={status} onAsk={onAsk} />
    </section>
  );
}

function timeLeft({ etaSeconds, etaIsLeast }: Summary, duration: (seconds: number | null) => string): string {
  if (etaSeconds === null) return '–';
  return `${etaIsLeast ? 'at least' : 'about'} ${duration(etaSeconds)}`;
}
