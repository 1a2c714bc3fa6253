import type { EntityStatus } from '../../domain/bootstrap-status.ts';
import { useFormat } from '../format-context.ts';
import { countStates } from './progress.ts';

/** How many kinds of data are where, at a glance. */
export function StateCounts({ entities }: { readonly entities: readonly EntityStatus[] }) {
  const format = useFormat();
  return (
    <ul className="state-counts">
      {countStates(entities).map(({ name, words, count }) => (
        <li key={name} data-count={name}>
          {format.count(count)} {words}
        </li>
      ))}
    </ul>
  );
}
