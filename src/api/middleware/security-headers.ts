import type { Middleware } from 'koa';

const clockifyPages = 'https://app.clockify.me https://developer.clockify.me https://*.clockify.me';

const uiPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  `frame-ancestors ${clockifyPages}`,
].join('; ');

const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

const isUi = (path: string): boolean => path === '/ui' || path === '/ui/icon.svg' || path.startsWith('/ui/assets/');

/** Clockify may frame the UI, nobody else may, and nothing but the UI is framed. `X-Frame-Options` knows no list. */
export function securityHeaders(): Middleware {
  return async function securityHeaders(ctx, next) {
    ctx.set({
      'Content-Security-Policy': isUi(ctx.path) ? uiPolicy : dataPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    await next();
  };
}
