import type { IncomingMessage } from 'node:http';

/** Headers whose values tell something about a delivery and nothing secret. */
const shown = new Set([
  'accept',
  'accept-encoding',
  'clockify-webhook-event-type',
  'content-length',
  'content-type',
  'date',
  'host',
  'idempotency-key',
  'transfer-encoding',
  'user-agent',
  'x-request-id',
]);

const mask = '[redacted]';
const longestValue = 256;

/** The headers of a delivery as they may be kept: every name, and the values of those that are known to be harmless. */
export function redactHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      shown.has(name) ? String(value).slice(0, longestValue) : mask,
    ]),
  );
}
