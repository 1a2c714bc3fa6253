import type { InboxDetail, InboxFilter, InboxPage, ReplayOrder } from '../../domain/inbox.ts';
import { createEntities } from '../entity/entities.ts';
import { createHttp } from '../http.ts';
import type { Session } from '../session.ts';
import { createLiveInbox } from './live-inbox.ts';

export type Inbox = ReturnType<typeof createInbox>;

/** The deliveries that came to the viewer's workspace. Every failure is thrown as a refusal. */
export function createInbox(session: Session) {
  const { get, post, stream } = createHttp(session, '/ui/webhooks');

  return {
    /** New and changed lines as they come. */
    live: createLiveInbox({ open: (lastEventId, signal) => stream('/events', lastEventId, signal) }),

    /** The newest lines that fit, or those after a cursor. */
    list: (filter: InboxFilter, cursor: string | null) => get<InboxPage>(`?${toQuery({ ...filter, cursor })}`),

    /** What deliveries are about. */
    entities: createEntities(session),

    find: (id: string) => get<InboxDetail>(`/${id}`),

    /** Has deliveries processed once more; the answer says what came of it. */
    replay: async (order: ReplayOrder) => (await post<{ readonly effect: string }>('/replay', order)).effect,
  };
}

function toQuery(values: Readonly<Record<string, string | null | undefined>>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return new URLSearchParams(given).toString();
}
