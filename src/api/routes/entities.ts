import Router from '@koa/router';
import { findVersion } from '../../db/entity-history.ts';
import type { EntityRef } from '../../db/versions.ts';
import { AddonError } from '../../domain/errors.ts';
import { entityIdSchema, entityKindSchema, entityVersionSchema } from '../../domain/entity-requests.ts';
import { historyQuerySchema, loadHistory } from '../entity-history.ts';
import { requireAdmin } from '../middleware/require-admin.ts';
import type { AdminGateDeps, ViewerState } from '../middleware/require-admin.ts';
import { parse, parsePart } from '../parse.ts';
import { fromStorage } from '../storage.ts';
import type { WorkspaceRouter } from '../workspace-router.ts';

const entityPath = '/ui/entities';

/** What the mirror holds of one entity, and what it held before: for admins of the workspace, in their own workspace. */
export function entityRoutes(deps: AdminGateDeps): WorkspaceRouter {
  const router: WorkspaceRouter = new Router({ strict: true, sensitive: true });
  router.use(entityPath, ...requireAdmin(deps));

  router.get(`${entityPath}/:kind/:id`, async (ctx) => {
    const history = await loadHistory(deps.orm, readRef(ctx), parse(historyQuerySchema, { ...ctx.query }));
    if (history === undefined) throw noSuchEntity();
    ctx.body = history;
  });

  router.get(`${entityPath}/:kind/:id/versions/:version`, async (ctx) => {
    const wanted = parsePart(entityVersionSchema, ctx.params['version'], noSuchEntity);
    const found = await fromStorage(findVersion(deps.orm, readRef(ctx), wanted));
    if (found === undefined) throw noSuchEntity();
    const { version, payload } = found;
    ctx.body = { version, payload };
  });

  return router;
}

interface NamedEntity {
  readonly state: ViewerState;
  readonly params: Readonly<Record<string, string | undefined>>;
}

const readRef = ({ state, params }: NamedEntity): EntityRef => ({
  workspaceId: state.claims.workspaceId,
  entity: parsePart(entityKindSchema, params['kind'], noSuchEntity),
  id: parsePart(entityIdSchema, params['id'], noSuchEntity),
});

const noSuchEntity = (): AddonError =>
  new AddonError('not_found', 'The copy holds no such entity, or no such version.');
