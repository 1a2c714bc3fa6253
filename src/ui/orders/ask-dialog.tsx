import { type ReactNode, useEffect, useRef } from 'react';

interface AskDialogProps {
  readonly title: string;
  readonly explanation: string;
  readonly button: string;
  /** What it does cannot be taken back. */
  readonly isDangerous?: boolean;
  readonly isDisabled: boolean;
  /** Gives the order with what was filled in; to call `obeyed` with the effect closes the dialog. */
  readonly onSubmit: (form: FormData, obeyed: (effect: string) => void) => void;
  readonly onObeyed: (effect: string) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks before an order is given, and closes once it was obeyed. */
export function AskDialog({ title, explanation, button, onObeyed, onClose, children, ...form }: AskDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  const close = () => dialog.current?.close();
  const obeyed = (effect: string) => {
    close();
    onObeyed(effect);
  };

  return (
    <dialog ref={dialog} aria-labelledby="ask-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          form.onSubmit(new FormData(event.currentTarget), obeyed);
        }}
      >
        <h2 id="ask-title">{title}</h2>
        <p>{explanation}</p>
        {children}
        <div className="buttons end">
          <button type="button" onClick={close}>
            Back
          </button>
          <button
            type="submit"
            className={form.isDangerous === true ? 'primary danger' : 'primary'}
            disabled={form.isDisabled}
          >
            {button}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** The reason of an order; `reason` in the form. */
export function ReasonField() {
  return (
    <>
      <label>
        Reason (optional)
        <textarea name="reason" rows={2} maxLength={500} aria-describedby="reason-hint" />
      </label>
      <p id="reason-hint" className="muted hint">
        It is kept in the log, with your user id and the time.
      </p>
    </>
  );
}
