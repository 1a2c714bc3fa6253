import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import type { InboxFilter, InboxLine, ReplayOrder } from '../../domain/inbox.ts';
import type { Inbox } from './inbox.ts';
import type { InboxState } from './live-inbox.ts';

/** The lines that fit, page by page. The stream speaks first, so that nothing can come between it and the list. */
export function useLines(inbox: Inbox, filter: InboxFilter, { revision, connection }: InboxState) {
  return useInfiniteQuery({
    queryKey: ['inbox', filter, revision],
    queryFn: ({ pageParam }) => inbox.list(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: revision > 0 || connection === 'lost' || connection === 'refused',
    placeholderData: keepPreviousData,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

/** One delivery, read anew when its line has changed. */
export function useDelivery(inbox: Inbox, { id, changedAt }: Pick<InboxLine, 'id' | 'changedAt'>) {
  return useQuery({
    queryKey: ['delivery', id, changedAt],
    queryFn: () => inbox.find(id),
    placeholderData: (before) => (before?.id === id ? before : undefined),
  });
}

export function useReplay(inbox: Inbox) {
  return useMutation({ mutationFn: (order: ReplayOrder) => inbox.replay(order) });
}
