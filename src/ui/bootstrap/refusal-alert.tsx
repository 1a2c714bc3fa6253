import { toRefusal } from '../refusal.ts';
import { sentenceOf } from '../sentences.ts';

/** Says above the page what did not work; the page stays usable. */
export function RefusalAlert({ title, error }: { readonly title: string; readonly error: Error }) {
  const { code, requestId } = toRefusal(error);
  return (
    <div className="alert" role="alert">
      <strong>{title}</strong> {sentenceOf(code)}
      {requestId !== null && <span className="reference"> Reference: {requestId}</span>}
    </div>
  );
}
