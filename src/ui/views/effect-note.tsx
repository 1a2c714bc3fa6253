interface EffectNoteProps {
  readonly effect: string | null;
  readonly onDismiss: () => void;
}

/** Says what came of the last order. */
export function EffectNote({ effect, onDismiss }: EffectNoteProps) {
  return (
    <div role="status" className="effect">
      {effect !== null && (
        <p className="callout good">
          <span>{effect}</span>
          <button type="button" className="quiet" onClick={onDismiss}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}
