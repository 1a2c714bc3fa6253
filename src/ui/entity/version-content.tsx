import { useMemo } from 'react';
import type { EntityVersionLine } from '../../domain/entity-history.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { useFormat } from '../format-context.ts';
import { LongText } from '../views/long-text.tsx';
import { ChangedMembers } from './changed-members.tsx';
import type { Entities, EntityName } from './entities.ts';
import { entitySentences } from './entity-words.ts';
import { useVersion } from './queries.ts';

interface VersionContentProps {
  readonly entities: Entities;
  readonly entity: EntityName;
  readonly line: EntityVersionLine;
}

/** What an entity held in one version, and what that changed of the version before. */
export function VersionContent({ entities, entity, line }: VersionContentProps) {
  const format = useFormat();
  const { version, from, to } = line;
  const changed = line.changed ?? [];
  // Versions are counted without a gap.
  const before = useVersion(entities, entity, changed.length > 0 ? version - 1 : null);
  const shown = useVersion(entities, entity, version);
  const payload = shown.data?.payload;
  const text = useMemo(() => JSON.stringify(payload, null, 2), [payload]);
  const error = shown.error ?? before.error;

  return (
    <section className="body" aria-labelledby="version-title">
      <h4 id="version-title">
        Version {version}{' '}
        <span className="muted">
          {format.moment(from)} – {to === null ? 'now' : format.moment(to)}
        </span>
      </h4>
      {error !== null && (
        <RefusalAlert error={error} title="The version could not be loaded." sentences={entitySentences} />
      )}
      {payload === undefined && error === null && <p role="status">Loading the version…</p>}
      {payload !== undefined && (
        <>
          {before.data !== undefined && (
            <ChangedMembers names={changed} before={before.data} after={{ version, payload }} />
          )}
          <LongText text={text} labelledBy="version-title" />
        </>
      )}
    </section>
  );
}
