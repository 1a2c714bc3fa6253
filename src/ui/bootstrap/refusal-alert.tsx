import { type RefusalCode, toRefusal } from '../refusal.ts';
import { sentenceOf } from '../sentences.ts';

interface RefusalAlertProps {
  readonly title: string;
  readonly error: Error;
  /** Where a code means something else than usual. */
  readonly sentences?: Partial<Record<RefusalCode, string>>;
}

/** Says above the page what did not work; the page stays usable. */
export function RefusalAlert({ title, error, sentences }: RefusalAlertProps) {
  const { code, requestId } = toRefusal(error);
  return (
    <div className="alert" role="alert">
      <strong>{title}</strong> {sentences?.[code] ?? sentenceOf(code)}
      {requestId !== null && <span className="reference"> Reference: {requestId}</span>}
    </div>
  );
}
