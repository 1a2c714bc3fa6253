import { useRef, useState } from 'react';
import type { BootstrapOptions } from '../../domain/bootstrap-options.ts';
import { KindsField } from './kinds-field.tsx';
import { ScopeChoiceField } from './scope-choice.tsx';
import { readStartOptions, type ScopeChoice } from './start-options.ts';
import { TimeAndPaceFields } from './time-and-pace-fields.tsx';

interface StartFormProps {
  readonly underWay: boolean;
  readonly busy: boolean;
  readonly limitPerSecond: number;
  /** Null: as filled in, no run can start. */
  readonly onChange: (options: Partial<BootstrapOptions> | null) => void;
  readonly onStart: (options: Partial<BootstrapOptions>) => void;
}

/** Starts a run with the chosen options. */
export function StartForm({ underWay, busy, limitPerSecond, onChange, onStart }: StartFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [scope, setScope] = useState<ScopeChoice>('standard');
  const [isNothingChosen, setNothingChosen] = useState(false);

  /** The choice of a scope brings and takes fields, so it is read once they are there. */
  const tellChange = () =>
    queueMicrotask(() => {
      if (form.current === null) return;
      const options = readStartOptions(new FormData(form.current));
      setNothingChosen(options === null);
      onChange(form.current.checkValidity() ? options : null);
    });

  return (
    <form
      ref={form}
      className="card start-form"
      aria-labelledby="start-title"
      onChange={tellChange}
      onSubmit={(event) => {
        event.preventDefault();
        const options = readStartOptions(new FormData(event.currentTarget));
        if (options !== null) onStart(options);
      }}
    >
      <h2 id="start-title">Make a new copy</h2>
      <p className="muted">What is copied already is kept, and brought up to date.</p>
      <ScopeChoiceField chosen={scope} onChoose={setScope} />
      {scope === 'some' && <KindsField />}
      <TimeAndPaceFields limitPerSecond={limitPerSecond} hasSwitch={scope !== 'some'} />
      <div className="buttons">
        <button type="submit" className="primary" disabled={busy || underWay || isNothingChosen}>
          Start copy
        </button>
        {underWay && <span className="muted">Possible when the current run has ended.</span>}
        {isNothingChosen && <span className="muted">Choose some data first.</span>}
      </div>
    </form>
  );
}
