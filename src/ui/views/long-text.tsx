import { useFormat } from '../format-context.ts';

/** In characters; nobody reads more, and a browser would be slow to show it. */
const mostShown = 200_000;

/** A text as it is, in a box that scrolls when it is long. */
export function LongText({ text, labelledBy }: { readonly text: string; readonly labelledBy: string }) {
  const format = useFormat();
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, by keyboard too */}
      <pre tabIndex={0} aria-labelledby={labelledBy} dir="ltr">
        {text.slice(0, mostShown)}
      </pre>
      {text.length > mostShown && (
        <p className="muted">
          The first {format.count(mostShown)} characters of {format.count(text.length)}.
        </p>
      )}
    </>
  );
}
