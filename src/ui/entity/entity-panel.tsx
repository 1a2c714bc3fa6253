import { useEffect, useRef, useState } from 'react';
import type { EntityHistory } from '../../domain/entity-history.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { entityNames } from '../bootstrap/words.ts';
import { useFormat } from '../format-context.ts';
import { FactsList } from '../views/facts-list.tsx';
import type { Entities, EntityName } from './entities.ts';
import { entitySentences, sourceWords } from './entity-words.ts';
import { useHistory } from './queries.ts';
import { VersionContent } from './version-content.tsx';
import { VersionList } from './version-list.tsx';

interface EntityPanelProps {
  readonly entities: Entities;
  readonly entity: EntityName;
  /** Of what the viewer came from; where it is another, the entity may have changed. */
  readonly asOf: string;
  readonly onBack: () => void;
}

/** An entity as the copy holds it, and as it held it before. */
export function EntityPanel({ entities, entity, asOf, onBack }: EntityPanelProps) {
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useHistory(entities, entity, asOf);
  const [chosen, setChosen] = useState<number | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const held = data?.pages[0];
  const versions = data?.pages.flatMap((page) => page.versions) ?? [];
  const line = versions.find(({ version }) => version === chosen) ?? versions[0];

  return (
    <article className="detail-panel" aria-labelledby="entity-title" data-deleted={held?.isDeleted}>
      <h3 id="entity-title" ref={heading} tabIndex={-1}>
        {entityNames[entity.kind]} {held !== undefined && <span className="badge">{describeState(held)}</span>}
      </h3>
      <div className="buttons">
        <button type="button" onClick={onBack}>
          Back to the delivery
        </button>
      </div>
      {error !== null && (
        <RefusalAlert error={error} title="The entity could not be loaded." sentences={entitySentences} />
      )}
      {isPending && <p role="status">Loading the entity…</p>}
      {held !== undefined && <Facts held={held} />}
      {line !== undefined && (
        <>
          <VersionList
            versions={versions}
            chosen={line.version}
            onChoose={setChosen}
            more={hasNextPage ? { load: () => void fetchNextPage(), isLoading: isFetchingNextPage } : null}
          />
          <VersionContent entities={entities} entity={entity} line={line} />
        </>
      )}
    </article>
  );
}

const describeState = ({ version, isDeleted }: EntityHistory): string =>
  `Version ${version}${isDeleted ? ', deleted' : ''}`;

function Facts({ held }: { readonly held: EntityHistory }) {
  const format = useFormat();
  return (
    <FactsList
      facts={[
        ['Id', held.id],
        ['Belongs to', held.parentId],
        ['Learned', `${sourceWords[held.source]}, ${format.moment(held.changedAt)}`],
        ['As of', format.moment(held.observedAt)],
      ]}
    />
  );
}
