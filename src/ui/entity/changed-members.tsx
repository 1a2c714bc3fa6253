import type { EntityContent } from '../../domain/entity-history.ts';

interface ChangedMembersProps {
  readonly names: readonly string[];
  readonly before: EntityContent;
  readonly after: EntityContent;
}

/** The members whose values differ between two versions, with both values. */
export function ChangedMembers({ names, before, after }: ChangedMembersProps) {
  return (
    <>
      <p id="changes-title" className="muted">
        Changed since version {before.version}
      </p>
      <dl className="changes" aria-labelledby="changes-title">
        {names.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span className="muted note">Was</span> <del>{writeMember(before, name)}</del>
            </dd>
            <dd>
              <span className="muted note">Became</span> <ins>{writeMember(after, name)}</ins>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** In characters; the whole value stands in the content. */
const longestValue = 1_000;

function writeMember({ payload }: EntityContent, name: string): string {
  if (!Object.hasOwn(payload, name)) return 'not there';
  const text = JSON.stringify(payload[name]);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
