import type { Catalogue } from '../domain/catalogue.ts';
import type { ProbeOutcome } from '../domain/diagnosis-facts.ts';
import type { EntityType } from '../domain/entities.ts';
import { AddonError } from '../domain/errors.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import type { Gateway, GatewayAnswer } from './clockify-gateway.ts';
import type { Access } from './installation-access.ts';
import { buildPageRequest, buildWindow } from './page-request.ts';

export interface ProbeDeps {
  readonly gateway: Gateway;
  readonly catalogue: Catalogue;
  readonly requestsPerSecond: number;
}

interface ProbeResult {
  readonly outcome: ProbeOutcome;
  /** Null after any failure. */
  readonly answer: GatewayAnswer | null;
}

/** Reads one row of a kind, as the copy would; a failure is an outcome, not an error. */
export type RunProbe = (entity: EntityType, parentId?: string | null) => Promise<ProbeResult>;

/** Somebody waits for the result: a slot further away is not waited for. */
const maxWaitMs = 3_000;

/** `signal` ends the probing: what is asked after it was not tried. */
export function createProbe(
  { gateway, catalogue, requestsPerSecond }: ProbeDeps,
  { installation, credential }: Access,
  signal: AbortSignal,
): RunProbe {
  const { workspaceId } = installation;
  return async (entity, parentId = null) => {
    const rule = getReadingRule(entity);
    const query = { ...buildWindow(rule, { scope: 'core', timeEntries: false }, new Date()) };
    const list = { key: '', parentId, query };
    try {
      const request = buildPageRequest(catalogue, installation, workspaceId, { rule, list, page: 1, pageSize: 1 });
      const lane = 'interactive';
      const call = { ...request, credential, workspaceId, lane, requestsPerSecond, maxWaitMs, signal } as const;
      return { outcome: 'ok', answer: await gateway.call(call) };
    } catch (error) {
      if (signal.aborted) return { outcome: 'not_tried', answer: null };
      if (error instanceof AddonError) return { outcome: error.code, answer: null };
      throw error;
    }
  };
}
