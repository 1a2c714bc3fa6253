import type { Context, Middleware } from 'koa';
import { AddonError } from '../../domain/errors.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { announcesBody } from '../headers.ts';
import type { RequestState } from '../state.ts';

const statusOf = {
  invalid_request: 400,
  invalid_token: 401,
  workspace_mismatch: 403,
  forbidden: 403,
  installation_inactive: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  validation_failed: 422,
  too_many_requests: 429,
  internal_error: 500,
  attempt_overtaken: 500,
  stale_attempt: 500,
  clockify_token_dead: 502,
  clockify_access_closed: 502,
  clockify_feature_gated: 502,
  clockify_entity_gone: 502,
  clockify_workspace_unknown: 502,
  clockify_page_too_large: 502,
  clockify_request_wrong: 502,
  clockify_unavailable: 502,
  clockify_answer_malformed: 502,
  egress_refused: 502,
  storage_unavailable: 503,
  temporal_unavailable: 503,
  identity_unavailable: 503,
  clockify_rate_limited: 503,
  clockify_timeout: 504,
} as const satisfies Record<ErrorCode, number>;

/** Unless the error knows better. */
const retryAfterSeconds = 5;

/** Facts of an error that its caller may see. */
const publicDetails = ['fields', 'max_bytes', 'actual_bytes'] as const;

/** The only place where an error becomes an answer; a route that answered nothing is turned into an error as well. */
export function errorHandler(): Middleware<RequestState> {
  return async function errorHandler(ctx, next) {
    try {
      await next();
      assertAnswered(ctx);
    } catch (error) {
      const { log } = ctx.state;
      if (!(error instanceof AddonError)) log.error({ err: error }, 'request failed');
      else log.warn({ code: error.code, reason: error.details['reason'] }, 'request refused');
      answer(ctx, error instanceof AddonError ? error : internalError);
    }
  };
}

const internalError = new AddonError('internal_error', 'The request could not be handled.');

function assertAnswered(ctx: Context): void {
  if (ctx.body !== undefined && ctx.body !== null) return;
  if (ctx.status === 404) throw new AddonError('not_found', 'There is nothing at this address.');
  if (ctx.status === 405 || ctx.status === 501) {
    throw new AddonError('method_not_allowed', 'The address does not know this method.');
  }
}

function answer(ctx: Context & { state: RequestState }, { code, message, details }: AddonError): void {
  ctx.status = statusOf[code];
  ctx.body = {
    error: code,
    detail: message,
    timestamp: new Date().toISOString(),
    requestId: ctx.state.requestId,
    ...Object.fromEntries(publicDetails.flatMap((name) => (name in details ? [[name, details[name]]] : []))),
  };
  const wait = details['retryAfterSeconds'] ?? (ctx.status === 503 ? retryAfterSeconds : undefined);
  if (typeof wait === 'number') ctx.set('Retry-After', String(wait));
  // Nobody can make us read on what we have refused.
  if (announcesBody(ctx.req) && !ctx.req.complete) ctx.set('Connection', 'close');
}
