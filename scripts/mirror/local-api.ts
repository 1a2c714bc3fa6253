import type { BootstrapOptions } from '../../src/domain/bootstrap-options.ts';
import type { BootstrapStatus } from '../../src/domain/bootstrap-status.ts';
import type { CostEstimate } from '../../src/domain/cost-estimate.ts';

type RunOptions = Pick<BootstrapOptions, 'timeEntryDays'>;

export interface LocalApi {
  readonly statusUrl: string;
  status(): Promise<BootstrapStatus>;
  estimate(options: RunOptions): Promise<CostEstimate>;
  /** Starts a run, or finds the one that is under way. */
  start(options: RunOptions): Promise<void>;
}

/** An estimate asks Clockify first. */
const timeoutMs = 60_000;

/** The routes of the API for one workspace; what it refuses is thrown as the sentence it gives. */
export function createLocalApi(apiUrl: string, workspaceId: string, openToken: () => Promise<string>): LocalApi {
  const base = `${apiUrl}/bootstrap/${workspaceId}`;

  async function call<T>(url: string, body?: object): Promise<T> {
    const headers = { 'x-addon-token': await openToken(), ...(body && { 'content-type': 'application/json' }) };
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(timeoutMs) });
    const answer = (await response.json()) as T & { readonly detail?: string };
    if (!response.ok) throw new Error(answer.detail ?? `${url} answered ${response.status}`);
    return answer;
  }

  const statusUrl = `${base}/status`;
  return {
    statusUrl,
    status: () => call(statusUrl),
    estimate: (options) => call(`${base}/estimate`, options),
    start: async (options) => void (await call(base, options)),
  };
}
