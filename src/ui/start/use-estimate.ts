import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { BootstrapOptions } from '../../domain/bootstrap-options.ts';
import type { BootstrapApi } from '../bootstrap/api.ts';

/** Milliseconds without another change before the estimate follows. */
const settleMs = 600;

/** What a run with these options would cost: asked for once by hand, then again after each change that has settled. */
export function useEstimate(api: BootstrapApi, options: Partial<BootstrapOptions> | null) {
  const [isWanted, setWanted] = useState(false);
  const settled = useSettled(options);
  const query = useQuery({
    queryKey: ['estimate', settled],
    queryFn: () => api.estimate(settled ?? {}),
    enabled: isWanted && settled !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

  return {
    estimate: query.data,
    error: query.error,
    isFetching: query.isFetching,
    /** Whether the figures are of other options than those on the screen. */
    isOutdated: query.data !== undefined && (query.isPlaceholderData || settled !== options),
    ask: () => (isWanted ? void query.refetch() : setWanted(true)),
  };
}

function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
