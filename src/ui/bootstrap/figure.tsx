interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly note?: string | null;
}

/** One named figure of a list. */
export function Figure({ name, value, note = null }: FigureProps) {
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
