import type { ReactNode } from 'react';

interface FactsListProps {
  /** A fact that is null is left out. */
  readonly facts: readonly (readonly [name: string, fact: ReactNode])[];
}

/** Facts by name, one below the other. */
export function FactsList({ facts }: FactsListProps) {
  return (
    <dl className="facts-list">
      {facts.map(
        ([name, fact]) =>
          fact !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{fact}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
