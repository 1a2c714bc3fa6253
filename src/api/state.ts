import type { ClaimsOf, TokenKind } from '../domain/token-kind.ts';
import type { Logger } from '../platform/logger.ts';

/** What every request carries from the start. */
export interface RequestState {
  requestId: string;
  /** Writes the request id with every line. */
  log: Logger;
}

export interface BodyState {
  /** The bytes as they came; empty when there was no body. */
  body: Buffer;
}

export interface JsonState {
  json: unknown;
}

export interface ClaimsState<Kind extends TokenKind> {
  claims: ClaimsOf<Kind>;
}
