import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import type { Logger } from '../../platform/logger.ts';
import type { RequestState } from '../state.ts';

const acceptable = /^[A-Za-z0-9._-]{1,128}$/;

/** Gives each request an id, the caller's own if it is a harmless one, and a logger that writes it. */
export function requestContext(log: Logger): Middleware<RequestState> {
  return async function requestContext(ctx, next) {
    const given = ctx.get('x-request-id');
    const requestId = acceptable.test(given) ? given : randomUUID();
    ctx.state.requestId = requestId;
    ctx.state.log = log.child({ requestId });
    ctx.set('X-Request-ID', requestId);
    await next();
  };
}
