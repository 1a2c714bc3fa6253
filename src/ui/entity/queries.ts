import { keepPreviousData, skipToken, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Entities, EntityName } from './entities.ts';

/** An entity and its versions, page by page; read anew with another `asOf`. */
export function useHistory(entities: Entities, { kind, id }: EntityName, asOf: string) {
  return useInfiniteQuery({
    queryKey: ['entity', kind, id, asOf],
    queryFn: ({ pageParam }) => entities.find({ kind, id }, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
}

/** What an entity held in a version, which never changes; null asks for none. */
export function useVersion(entities: Entities, { kind, id }: EntityName, version: number | null) {
  return useQuery({
    queryKey: ['entity-version', kind, id, version],
    queryFn: version === null ? skipToken : () => entities.findVersion({ kind, id }, version),
    staleTime: Infinity,
  });
}
