import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import { useFormat } from '../format-context.ts';
import { isUnderWay, type Summary, summarise } from './progress.ts';
import { statusWords } from './words.ts';

const firstStep = 'Nothing has been copied so far. Rebuild the snapshot to make the first copy.';

/** The run as a whole: its state in words, one bar and its figures. */
export function RunOverview({ status }: { readonly status: BootstrapStatus }) {
  const format = useFormat();
  const summary = summarise(status);
  const { limitPerSecond, hourlyLimit } = status.budget;

  return (
    <section className="card overview" aria-label="Current run">
      <div role="status">
        <h2 className="run-status" data-status={status.status}>
          {statusWords[status.status]}
        </h2>
        <p className="muted">
          {status.status === 'NOT_STARTED' ? firstStep : `${summary.settled} of ${summary.total} kinds of data done`}
        </p>
      </div>
      <progress aria-label="Whole run" value={summary.fraction} max={1} />
      <dl className="figures">
        <Figure name="Rows copied" value={format.count(summary.rows)} />
        <Figure name="Pages read" value={format.count(summary.pages)} />
        <Figure name="Requests sent" value={format.count(status.requests)} />
        {isUnderWay(status.status) ? (
          <Figure name="Time left" value={timeLeft(summary, format.duration)} />
        ) : (
          <Figure name="Ended" value={format.time(status.finishedAt)} />
        )}
        <Figure
          name="Pace limit"
          value={`${format.count(limitPerSecond)} requests/s`}
          note={hourlyLimit === null ? null : `and ${format.count(hourlyLimit)} an hour`}
        />
        <Figure
          name="Last complete copy"
          value={status.lastBootstrapAt === null ? 'Never' : format.time(status.lastBootstrapAt)}
        />
      </dl>
    </section>
  );
}

function timeLeft({ etaSeconds, etaIsLeast }: Summary, duration: (seconds: number | null) => string): string {
  if (etaSeconds === null) return '–';
  return `${etaIsLeast ? 'at least' : 'about'} ${duration(etaSeconds)}`;
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly note?: string | null;
}

function Figure({ name, value, note = null }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {note !== null && <span className="muted note">{note}</span>}
      </dd>
    </div>
  );
}
