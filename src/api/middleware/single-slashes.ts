import type { Middleware } from 'koa';

/** Clockify joins base URL, a slash and our path, so its calls arrive with doubled slashes. */
export function singleSlashes(): Middleware {
  return async function singleSlashes(ctx, next) {
    ctx.path = ctx.path.replace(/\/{2,}/g, '/');
    await next();
  };
}
