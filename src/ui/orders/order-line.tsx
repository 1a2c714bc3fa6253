import type { OperatorActionLine } from '../../domain/operator-orders.ts';
import { isEntityType, entityNames } from '../bootstrap/words.ts';
import { useFormat } from '../format-context.ts';
import { loggedWords } from './order-words.ts';

/** One order in the log. */
export function OrderLine({ line, viewer }: { readonly line: OperatorActionLine; readonly viewer: string | null }) {
  const format = useFormat();
  const { at, verb, entity, actor, reason, effect } = line;

  return (
    <li>
      <p>
        <strong>{loggedWords[verb]}</strong>
        {entity !== null && <> · {isEntityType(entity) ? entityNames[entity] : entity}</>}
      </p>
      <p>{effect}</p>
      {reason !== null && <p className="reason">“{reason}”</p>}
      <p className="muted note">
        {actor === viewer ? 'You' : actor} · <time dateTime={at}>{format.time(at)}</time>
      </p>
    </li>
  );
}
