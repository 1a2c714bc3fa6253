import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
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

/** Starts, pauses and resumes; after each answer, also a refusal, the status is read again. */
export function useBootstrapCommand(api: BootstrapApi) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (command: Command) => api.send(command),
    onSettled: () => queries.invalidateQueries({ queryKey: statusKey }),
  });
}
