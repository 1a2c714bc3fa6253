import type { Middleware } from 'koa';
import type { RequestState } from '../state.ts';

/** Two lines a request. The path without its query: the document of the UI gets a token there. */
export function accessLog(): Middleware<RequestState> {
  return async function accessLog(ctx, next) {
    const startedAt = performance.now();
    const request = { method: ctx.method, path: ctx.path };
    ctx.state.log.debug(request, 'request_received');
    await next();
    const durationMs = Math.round(performance.now() - startedAt);
    ctx.state.log.info({ ...request, status: ctx.status, durationMs }, 'request_completed');
  };
}
