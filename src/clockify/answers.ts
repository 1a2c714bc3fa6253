import { AddonError } from '../domain/errors.ts';
import type { ErrorCode } from '../domain/errors.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Longer waits than a quarter of an hour are not believed: better to ask once more. */
const longestRetryAfterMs = 15 * 60_000;

/** The platform's error number, when the body is its usual `{ message, code }`. The message echoes input, so it is dropped. */
function readErrorNumber(text: string): number | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('code' in body)) return null;
    return typeof body.code === 'number' ? body.code : null;
  } catch {
    return null;
  }
}

/** 4017: an add-on token that is forged, removed or of another environment; 4003: an API key that nobody has. */
const isDeadCredential = (errorNumber: number | null): boolean => errorNumber === 4017 || errorNumber === 4003;

/** Says what an answer of the live platform means; null for success. */
function classifyAnswer(status: number, errorNumber: number | null, text: string): ErrorCode | null {
  if (status >= 200 && status < 300) return null;
  if (status === 400) return errorNumber === 501 ? 'clockify_entity_gone' : 'clockify_request_wrong';
  if (status === 401) return isDeadCredential(errorNumber) ? 'clockify_token_dead' : 'clockify_access_closed';
  if (status === 402 || status === 403) return 'clockify_feature_gated';
  // An unknown workspace is answered with an empty body, a path that does not exist with code 3000.
  if (status === 404) return text === '' ? 'clockify_workspace_unknown' : 'clockify_request_wrong';
  if (status === 413) return 'clockify_page_too_large';
  if (status === 429) return 'clockify_rate_limited';
  if (status === 408 || status === 425 || status >= 500) return 'clockify_unavailable';
  return status >= 300 && status < 400 ? 'egress_refused' : 'clockify_request_wrong';
}

const sentences: Partial<Record<ErrorCode, string>> = {
  clockify_entity_gone: 'The entity does not belong to the workspace any more.',
  clockify_request_wrong: 'Clockify did not accept the request.',
  clockify_token_dead: 'Clockify does not accept the token or key any more.',
  clockify_access_closed:
    'Clockify does not let the add-on read this: a scope is missing or the family is closed to add-ons.',
  clockify_feature_gated: 'The plan or the settings of the workspace do not include this.',
  clockify_workspace_unknown: 'Clockify does not know the workspace.',
  clockify_page_too_large: 'Clockify refused the page size.',
  clockify_rate_limited: 'Clockify asked to slow down.',
  clockify_unavailable: 'Clockify is not available at the moment.',
  egress_refused: 'Clockify answered with a redirect.',
};

/** Throws the error that an unsuccessful answer stands for. */
export function assertSuccess(answer: RawAnswer, now: Date = new Date()): void {
  const errorNumber = answer.status < 400 ? null : readErrorNumber(answer.text);
  const code = classifyAnswer(answer.status, errorNumber, answer.text);
  if (code === null) return;
  const retryAfterMs =
    code === 'clockify_rate_limited' ? readRetryAfter(answer.headers['retry-after'], now) : undefined;
  throw new AddonError(code, sentences[code] ?? 'Clockify refused the request.', {
    status: answer.status,
    ...(errorNumber !== null && { errorNumber }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** Seconds or a date; undefined when absent or nonsense (no source documents the header on this platform). */
export function readRetryAfter(header: string | string[] | undefined, now: Date): number | undefined {
  if (typeof header !== 'string') return undefined;
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  if (!Number.isFinite(milliseconds) || milliseconds <= 0) return undefined;
  return Math.min(milliseconds, longestRetryAfterMs);
}

/** How far the clock that wrote a `Date` header is ahead of `arrivedAt`; such a header is cut to the second. */
export function readClockSkew(header: string | string[] | undefined, arrivedAt: number): { clockSkewMs?: number } {
  const sentAt = typeof header === 'string' ? Date.parse(header) : NaN;
  return Number.isNaN(sentAt) ? {} : { clockSkewMs: sentAt + 500 - arrivedAt };
}

/** Parses a body that must be JSON; an empty one is legal on computed endpoints and reads as null. */
export function parseJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new AddonError('clockify_answer_malformed', 'Clockify answered with something that is not JSON.');
  }
}
