import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import type { BootstrapApi, Command } from './api.ts';
import { pollDelayMs } from './polling.ts';

const statusKey = ['bootstrap', 'status'];

/** The status of the workspace's run, kept up to date while the page is visible. */
export function useBootstrapStatus(api: BootstrapApi) {
  return useQuery({
    queryKey: statusKey,
    queryFn: ({ signal }) => api.status(signal),
    refetchInterval: ({ state }) => pollDelayMs(state.data, state.error),
  });
}

/** Starts the first copy of a workspace that wants one without being asked, once for each visit. */
export function useFirstCopy(status: BootstrapStatus | undefined, start: () => void): void {
  const hasStarted = useRef(false);
  const isDue = status?.startsOnVisit === true;
  useEffect(() => {
    if (!isDue || hasStarted.current) return;
    hasStarted.current = true;
    start();
  }, [isDue, start]);
}

/** Starts, pauses and resumes; after each answer, also a refusal, the status is read again. */
export function useBootstrapCommand(api: BootstrapApi) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (command: Command) => api.send(command),
    onSettled: () => queries.invalidateQueries({ queryKey: statusKey }),
  });
}
