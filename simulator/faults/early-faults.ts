import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { invalidToken } from '../api/authenticate.ts';
import { missingPermission } from '../api/check-request.ts';
import { bytes, json, Refusal, refuse } from '../api/reply.ts';
import type { FaultBoard } from './fault-board.ts';
import type { FaultOf } from './types.ts';

/**
 * The faults that strike before a request is looked at. Answers true when the caller gets nothing at all, because the
 * connection hangs or was reset; throws the refusal of those that answer in the platform's place.
 */
export async function applyEarlyFaults(
  faults: FaultBoard,
  operationId: string | null,
  latencyMs: number,
  response: ServerResponse,
): Promise<boolean> {
  const late = faults.take('latency', operationId);
  const delayMs = late === undefined ? latencyMs : late.fault.ms + Math.random() * (late.fault.jitterMs ?? 0);
  if (delayMs > 0) await sleep(delayMs);
  if (faults.take('hang', operationId, (fault) => fault.at === 'headers') !== undefined) return true;
  if (faults.take('reset', operationId, (fault) => fault.at === 'headers') !== undefined) {
    response.socket?.resetAndDestroy();
    return true;
  }
  throwRefusals(faults, operationId);
  return false;
}

function throwRefusals(faults: FaultBoard, operationId: string | null): void {
  if (faults.take('token-revoked', operationId) !== undefined) throw invalidToken();
  const limited = faults.take('rate-limit', operationId);
  if (limited !== undefined) throw refuse(429, null, 'Too many requests', retryAfter(limited.fault));
  const status = faults.take('status', operationId)?.fault;
  if (status !== undefined) {
    const body = status.body ?? JSON.stringify({ message: 'Simulated failure' });
    throw new Refusal(bytes(body, status.contentType ?? 'application/json', status.status));
  }
  const html = faults.take('html', operationId);
  if (html !== undefined)
    throw new Refusal(bytes('<html><body>Bad gateway</body></html>', 'text/html', html.fault.status));
  if (faults.take('scope-missing', operationId) !== undefined) throw missingPermission(operationId ?? '');
  const gated = faults.take('feature-gated', operationId);
  if (gated !== undefined) throw new Refusal(json({ message: 'Feature is not available' }, gated.fault.status));
}

function retryAfter({ retryAfterSeconds, asDate }: FaultOf<'rate-limit'>): Record<string, string> {
  if (retryAfterSeconds === undefined) return {};
  const date = new Date(Date.now() + retryAfterSeconds * 1000).toUTCString();
  return { 'retry-after': asDate === true ? date : String(retryAfterSeconds) };
}
