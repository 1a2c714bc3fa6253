import type { BootstrapStatus, EntityStatus } from '../../src/domain/bootstrap-status.ts';

/** A user token as far as the page reads it: nobody checks the signature there. */
export function buildUserToken(claims: Record<string, unknown> = {}): string {
  const payload = { workspaceId: 'w1', theme: 'DEFAULT', language: 'EN', workspaceRole: 'OWNER', ...claims };
  return `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.signature`;
}

export function buildEntityStatus(given: Partial<EntityStatus> & Pick<EntityStatus, 'entity'>): EntityStatus {
  return {
    state: 'waiting',
    pages: 0,
    rows: 0,
    expected: null,
    complete: null,
    evidence: null,
    reason: null,
    ratePerSecond: null,
    etaSeconds: null,
    lastError: null,
    ...given,
  };
}

export function buildStatus(given: Partial<BootstrapStatus> = {}): BootstrapStatus {
  return {
    workspaceId: 'w1',
    runId: 'run-1',
    status: 'RUNNING',
    startedAt: '2026-11-21T10:00:00.000Z',
    finishedAt: null,
    lastBootstrapAt: null,
    requests: 431,
    budget: { limitPerSecond: 50, hourlyLimit: null },
    entities: [],
    ...given,
  };
}
