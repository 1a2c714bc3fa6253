import { entityTypes } from '../../domain/entities.ts';
import { entityNames } from '../bootstrap/words.ts';

/** Which kinds of data are read. */
export function KindsField() {
  return (
    <fieldset className="kinds">
      <legend>Data</legend>
      {entityTypes.map((entity) => (
        <label key={entity} className="check">
          <input type="checkbox" name="only" value={entity} />
          {entityNames[entity]}
        </label>
      ))}
    </fieldset>
  );
}
