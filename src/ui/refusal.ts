import { type ErrorCode, isRetryable } from '../domain/errors.ts';

/** `unreachable`: no answer came. `unreadable`: one came that names no known code. */
export type RefusalCode = ErrorCode | 'unreachable' | 'unreadable';

/** A request that did not succeed. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  /** What support needs to find the request in the log. */
  readonly requestId: string | null;

  constructor(code: RefusalCode, requestId: string | null = null) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.requestId = requestId;
  }
}

/** Reads the error body of our API. */
export async function readRefusal(response: Response): Promise<Refusal> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== 'object' || body === null || !('error' in body)) return new Refusal('unreadable');
  const requestId = 'requestId' in body && typeof body.requestId === 'string' ? body.requestId : null;
  return new Refusal(isErrorCode(body.error) ? body.error : 'unreadable', requestId);
}

/** Any failure as a refusal: what no code explains is an answer that could not be read. */
export function toRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('unreadable');
}

/** Whether the viewer may not see the page at all, so that asking again by itself cannot help. */
export function isDenial(error: unknown): boolean {
  return denials.has(toRefusal(error).code);
}

const denials = new Set<RefusalCode>(['invalid_token', 'forbidden', 'workspace_mismatch', 'installation_inactive']);

/** Whether a text is one of the closed list of codes. */
export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(isRetryable, text);
}
