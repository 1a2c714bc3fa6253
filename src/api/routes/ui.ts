import { basename, dirname } from 'node:path';
import Router from '@koa/router';
import { send } from '@koa/send';
import type { Context } from 'koa';
import { AddonError } from '../../domain/errors.ts';
import type { RequestState } from '../state.ts';

export interface UiRoutesDeps {
  /** The built sidebar: `index.html` and `assets/`, whose names hold a hash of their content. */
  readonly uiDirectory: string;
  readonly icon: { readonly path: string; readonly file: string };
}

const forEver = 'public, max-age=31536000, immutable';

/** The sidebar's document and assets; they hold no data, so anybody may load them. */
export function uiRoutes({ uiDirectory, icon }: UiRoutesDeps): Router<RequestState> {
  const router = new Router<RequestState>({ strict: true, sensitive: true });

  router.get('/ui', (ctx) => sendFile(ctx, 'index.html', uiDirectory));
  router.get(icon.path, (ctx) => sendFile(ctx, basename(icon.file), dirname(icon.file)));
  router.get('/ui/assets/:name', async (ctx) => {
    await sendFile(ctx, `assets/${ctx.params['name']}`, uiDirectory);
    ctx.set('Cache-Control', forEver);
  });

  return router;
}

async function sendFile(ctx: Context, file: string, root: string): Promise<void> {
  const sent = await send(ctx, file, { root }).catch(() => undefined);
  if (sent === undefined) throw new AddonError('not_found', 'There is nothing at this address.');
}
