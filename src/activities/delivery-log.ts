import { createHash } from 'node:crypto';
import type { FailedAttempt } from '../db/webhook-events.ts';
import { readDeliveryIds } from '../domain/event-targets.ts';
import type { DeliveryIds } from '../domain/event-targets.ts';
import { readWebhookBody } from '../domain/webhook-body.ts';
import type { DeliveryAttempt, WebhookFamily } from './webhook-family.ts';

/** A delivery that failed, by Clockify's own log; of its body no more than what it is about. */
export interface LoggedFailure extends FailedAttempt {
  readonly ids: DeliveryIds;
}

export interface LogWindow {
  readonly from: Date;
  readonly to: Date;
}

/** Tried six times each, 500 deliveries fill so many pages: fetching more again costs more than reading their kind. */
const mostPages = 60;

/**
 * The deliveries of one webhook that failed in a window, each once, however often it was tried; null when they are more
 * than it is worth to read. Rows whose bodies cannot be read, or are of another workspace, are none.
 */
export async function readFailures(
  { readLog }: Pick<WebhookFamily, 'readLog'>,
  webhookId: string,
  window: LogWindow,
  workspaceId: string,
): Promise<LoggedFailure[] | null> {
  const failures = new Map<string, LoggedFailure>();
  for (let page = 0; page < mostPages; page++) {
    const { attempts, isLast } = await readLog(webhookId, { ...window, status: 'FAILED', page });
    for (const attempt of attempts) {
      const failure = toFailure(attempt, workspaceId);
      // The newest attempt comes first. Equal bodies name the same ids, whatever events they are of.
      if (failure !== null && !failures.has(failure.bodyHash)) failures.set(failure.bodyHash, failure);
    }
    if (isLast) return [...failures.values()];
  }
  return null;
}

function toFailure({ requestBody, respondedAt }: DeliveryAttempt, ownId: string): LoggedFailure | null {
  if (requestBody === null) return null;
  const raw = Buffer.from(requestBody);
  const { fault, json, workspaceId = ownId } = readWebhookBody(raw);
  if (fault !== undefined || json === null || workspaceId !== ownId) return null;
  const bodyHash = createHash('sha256').update(raw).digest('hex');
  return { bodyHash, failedAt: respondedAt, ids: readDeliveryIds(JSON.parse(json)) };
}
