import Router from '@koa/router';
import type { Manifest } from '../../domain/manifest.ts';

export interface AddonRoutesDeps {
  readonly manifest: Manifest;
  readonly version: string;
}

/** What the add-on is: for people, and for Clockify. */
export function addonRoutes({ manifest, version }: AddonRoutesDeps): Router {
  const router = new Router({ strict: true, sensitive: true });

  router.get('/', (ctx) => {
    ctx.body = {
      name: manifest.name,
      version,
      links: { manifest: '/manifest', ui: '/ui', health: '/health', ready: '/ready' },
    };
  });

  router.get('/manifest', (ctx) => {
    ctx.body = manifest;
  });

  return router;
}
