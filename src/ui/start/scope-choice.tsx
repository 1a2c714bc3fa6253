import { type ScopeChoice, scopeWords } from './start-options.ts';

interface ScopeChoiceProps {
  readonly chosen: ScopeChoice;
  readonly onChoose: (scope: ScopeChoice) => void;
}

const choices = Object.keys(scopeWords) as ScopeChoice[];

/** How much of the workspace is read. */
export function ScopeChoiceField({ chosen, onChoose }: ScopeChoiceProps) {
  return (
    <fieldset className="choices">
      <legend>What to copy</legend>
      {choices.map((scope) => (
        <label key={scope} className="choice">
          <input type="radio" name="scope" value={scope} checked={scope === chosen} onChange={() => onChoose(scope)} />
          <strong>{scopeWords[scope].name}</strong>
          <span className="muted note">{scopeWords[scope].note}</span>
        </label>
      ))}
    </fieldset>
  );
}
