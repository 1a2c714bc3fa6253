import type { EntityVersionLine } from '../../domain/entity-history.ts';
import { useFormat } from '../format-context.ts';
import { describeVersion, sourceWords } from './entity-words.ts';

interface VersionListProps {
  readonly versions: readonly EntityVersionLine[];
  readonly chosen: number | null;
  readonly onChoose: (version: number) => void;
  /** Null: there are no older ones. */
  readonly more: { readonly load: () => void; readonly isLoading: boolean } | null;
}

/** The versions of an entity, newest first, of which one is shown. */
export function VersionList({ versions, chosen, onChoose, more }: VersionListProps) {
  return (
    <section className="body" aria-labelledby="versions-title">
      <h4 id="versions-title">Versions</h4>
      <div className="versions">
        <ol aria-labelledby="versions-title">
          {versions.map((line) => (
            <VersionRow key={line.version} line={line} isChosen={line.version === chosen} onChoose={onChoose} />
          ))}
        </ol>
        {more !== null && (
          <button type="button" onClick={more.load} disabled={more.isLoading}>
            {more.isLoading ? 'Loading…' : 'Load older versions'}
          </button>
        )}
      </div>
    </section>
  );
}

interface VersionRowProps {
  readonly line: EntityVersionLine;
  readonly isChosen: boolean;
  readonly onChoose: (version: number) => void;
}

function VersionRow({ line, isChosen, onChoose }: VersionRowProps) {
  const format = useFormat();
  const { version, source, isDeleted, from } = line;

  return (
    <li data-open={isChosen} data-deleted={isDeleted}>
      <button type="button" className="line" aria-pressed={isChosen} onClick={() => onChoose(version)}>
        <span className="event">Version {version}</span>
        {isDeleted && <span className="badge">Deleted</span>}
        <span className="facts muted">
          Learned {sourceWords[source]}, <time dateTime={from}>{format.moment(from)}</time>
        </span>
        <span className="outcome">{describeVersion(line)}</span>
      </button>
    </li>
  );
}
