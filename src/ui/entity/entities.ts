import type { EntityType } from '../../domain/entities.ts';
import type { EntityContent, EntityHistory } from '../../domain/entity-history.ts';
import { createHttp } from '../http.ts';
import type { Session } from '../session.ts';

export type Entities = ReturnType<typeof createEntities>;

export interface EntityName {
  readonly kind: EntityType;
  readonly id: string;
}

/** What the copy of the viewer's workspace holds and held. Every failure is thrown as a refusal. */
export function createEntities(session: Session) {
  const { get } = createHttp(session, '/ui/entities');
  const addressOf = ({ kind, id }: EntityName) => `/${kind}/${encodeURIComponent(id)}`;

  return {
    /** An entity with its newest versions, or those after a cursor. */
    find: (entity: EntityName, cursor: string | null) =>
      get<EntityHistory>(addressOf(entity) + (cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`)),

    findVersion: (entity: EntityName, version: number) =>
      get<EntityContent>(`${addressOf(entity)}/versions/${version}`),
  };
}
