import type { EntityHistory, EntityVersionLine } from '../../src/domain/entity-history.ts';
import type { Answer, SeenRequest } from './sidebar-server.ts';

export const buildVersion = (given: Partial<EntityVersionLine> = {}): EntityVersionLine => ({
  version: 3,
  source: 'event',
  isDeleted: false,
  from: '2026-11-21T10:00:00.000000Z',
  to: null,
  changed: ['name'],
  ...given,
});

export const buildHistory = (given: Partial<EntityHistory> = {}): EntityHistory => ({
  kind: 'tags',
  id: 'tag-1',
  parentId: null,
  version: 3,
  isDeleted: false,
  source: 'event',
  observedAt: '2026-11-21T10:00:00.000000Z',
  changedAt: '2026-11-21T10:00:00.000000Z',
  versions: [buildVersion()],
  next: null,
  ...given,
});

/** Answers requests for one entity and what it held in its versions; null for a request that is about something else. */
export function answerEntity(
  { path }: Pick<SeenRequest, 'path'>,
  history: (cursor: string | null) => Answer,
  payloads: Readonly<Record<number, object>>,
): Answer | null {
  if (!path.startsWith('/ui/entities/')) return null;
  const { pathname, searchParams } = new URL(path, 'http://sidebar');
  const version = Number(/\/versions\/(\d+)$/.exec(pathname)?.[1] ?? 0);
  if (version === 0) return history(searchParams.get('cursor'));
  const payload = payloads[version];
  return payload === undefined
    ? { status: 404, body: { error: 'not_found' } }
    : { status: 200, body: { version, payload } };
}
