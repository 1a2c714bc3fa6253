import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { BootstrapOptions } from '../../domain/bootstrap-options.ts';
import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import type { BootstrapApi, Order, WebhookOrder } from './api.ts';

const actionsKey = ['actions'];
const diagnosisKey = ['diagnosis'];
const coverageKey = ['coverage'];

/** Starts the first copy of a workspace that wants one without being asked, once for each visit. */
export function useFirstCopy(status: BootstrapStatus | null, start: () => void): void {
  const hasStarted = useRef(false);
  const isDue = status?.startsOnVisit === true;
  useEffect(() => {
    if (!isDue || hasStarted.current) return;
    hasStarted.current = true;
    start();
  }, [isDue, start]);
}

/** Starts a run. */
export function useStart(api: BootstrapApi) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (options: Partial<BootstrapOptions>) => api.start(options),
    onSettled: () => queries.invalidateQueries({ queryKey: actionsKey }),
  });
}

/** Gives an order. */
export function useOrder(api: BootstrapApi) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (order: Order) => api.order(order),
    onSettled: () => queries.invalidateQueries({ queryKey: actionsKey }),
  });
}

/** The log of orders, read anew when it is opened and when the run changes: somebody else may steer as well. */
export function useOperatorActions(api: BootstrapApi, { runId, status }: BootstrapStatus) {
  return useQuery({ queryKey: [...actionsKey, runId, status], queryFn: () => api.actions(), staleTime: 0 });
}

/** The last self-test. */
export function useDiagnosis(api: BootstrapApi) {
  return useQuery({ queryKey: diagnosisKey, queryFn: () => api.diagnosis() });
}

/** Runs the self-test, and puts its result in the place of the last one. */
export function useDiagnose(api: BootstrapApi) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.diagnose(),
    onSuccess: (diagnosis) => queries.setQueryData(diagnosisKey, diagnosis),
  });
}

/** How changes of each kind reach the copy. */
export function useCoverage(api: BootstrapApi) {
  return useQuery({ queryKey: coverageKey, queryFn: () => api.coverage(), staleTime: 0 });
}

/** What a registration of webhooks would do, as things stand now. */
export function useWebhookPreview(api: BootstrapApi) {
  const queryKey = [...coverageKey, 'preview'];
  return useQuery({ queryKey, queryFn: () => api.previewWebhooks(), gcTime: 0, refetchOnWindowFocus: false });
}

/** Gives an order about webhooks. */
export function useWebhookOrder(api: BootstrapApi) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (order: WebhookOrder) => api.orderWebhooks(order),
    onSettled: () => Promise.all([coverageKey, actionsKey].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
