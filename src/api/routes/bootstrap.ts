import Router from '@koa/router';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Middleware, Next } from 'koa';
import { z } from 'zod';
import { getInstallation } from '../../db/installations.ts';
import type { Installation } from '../../db/installation.entity.ts';
import { bootstrapOptionsSchema } from '../../domain/bootstrap-options.ts';
import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import { AddonError } from '../../domain/errors.ts';
import { isAdminRole } from '../../domain/roles.ts';
import type { BootstrapRuns } from '../bootstrap-runs.ts';
import { kibibyte, readJson } from '../middleware/read-body.ts';
import { requireToken } from '../middleware/require-token.ts';
import type { TokenGateDeps } from '../middleware/require-token.ts';
import { parse } from '../parse.ts';
import type { BodyState, ClaimsState, JsonState, RequestState } from '../state.ts';
import { fromStorage } from '../storage.ts';
import type { ViewerRoles } from '../viewer-roles.ts';

export interface BootstrapRoutesDeps extends TokenGateDeps {
  readonly orm: MikroORM;
  readonly runs: BootstrapRuns;
  readonly roles: ViewerRoles;
  readonly loadStatus: (workspaceId: string) => Promise<BootstrapStatus>;
  /** Time entries of so many days, unless the viewer says otherwise. */
  readonly timeEntryDays: number | undefined;
}

interface ViewerState extends RequestState, ClaimsState<'user'> {
  installation: Installation;
}
type State = ViewerState & BodyState & JsonState;

const orderSchema = z.strictObject({ reason: z.string().max(500).optional() });

/** Copying the workspace: for admins of the workspace, in their own workspace. */
export function bootstrapRoutes({
  orm,
  runs,
  roles,
  loadStatus,
  timeEntryDays,
  ...gate
}: BootstrapRoutesDeps): Router<State> {
  const router = new Router<State>({ prefix: '/bootstrap', strict: true, sensitive: true });
  router.use(requireToken('x-addon-token', 'user', gate), requireAdminRole(), requireActiveInstallation(orm));
  router.param('workspaceId', requireOwnWorkspace);

  router.get('/:workspaceId/status', async (ctx) => {
    ctx.body = await fromStorage(loadStatus(ctx.state.claims.workspaceId));
  });

  const change = [requireCurrentAdmin(roles), readJson(16 * kibibyte)] as const;

  router.post('/:workspaceId', ...change, async (ctx) => {
    const { requestId, installation, json } = ctx.state;
    const options = parse(bootstrapOptionsSchema, json ?? {});
    const days = options.timeEntryDays ?? timeEntryDays;
    const origin = { workspaceId: installation.workspaceId, addonId: installation.addonId, requestId };
    const { jobId, status } = await runs.start(origin, {
      ...options,
      ...(days !== undefined && { timeEntryDays: days }),
    });
    ctx.state.log.info({ jobId, status, by: ctx.state.claims.user }, 'bootstrap requested');
    ctx.body = { job_id: jobId, status };
  });

  for (const action of ['pause', 'resume'] as const) {
    router.post(`/:workspaceId/${action}`, ...change, async (ctx) => {
      const { installation, claims, json } = ctx.state;
      const { reason } = parse(orderSchema, json ?? {});
      const ref = { workspaceId: installation.workspaceId, addonId: installation.addonId };
      await runs[action](ref, { by: claims.user, ...(reason !== undefined && { reason }) });
      ctx.state.log.info({ action, by: claims.user, reasonGiven: reason !== undefined }, 'bootstrap steered');
      ctx.body = { status: action === 'pause' ? 'paused' : 'resumed' };
    });
  }

  return router;
}

/** The token names the workspace; another one in the path does not exist for this viewer. */
function requireOwnWorkspace(workspaceId: string, { state }: { state: State }, next: Next): Promise<void> {
  if (workspaceId === state.claims.workspaceId) return next();
  throw new AddonError('not_found', 'There is nothing at this address.');
}

function requireAdminRole(): Middleware<State> {
  return function requireAdminRole(ctx, next) {
    if (!isAdminRole(ctx.state.claims.workspaceRole)) throw notAnAdmin();
    return next();
  };
}

function requireActiveInstallation(orm: MikroORM): Middleware<State> {
  return async function requireActiveInstallation(ctx, next) {
    const installation = await fromStorage(findActive(orm, ctx.state.claims));
    ctx.state.installation = installation;
    await next();
  };
}

async function findActive(orm: MikroORM, { workspaceId, addonId }: State['claims']): Promise<Installation> {
  const installation = await getInstallation(orm, { workspaceId, addonId }).catch((error: unknown) => {
    if (error instanceof AddonError && error.code === 'not_found') return undefined;
    throw error;
  });
  if (installation?.status === 'active') return installation;
  throw new AddonError('installation_inactive', 'The add-on is not active in this workspace.');
}

function requireCurrentAdmin(roles: ViewerRoles): Middleware<State> {
  return async function requireCurrentAdmin(ctx, next) {
    const { installation, claims } = ctx.state;
    if (!(await roles.isAdmin(installation, claims.user))) throw notAnAdmin();
    await next();
  };
}

const notAnAdmin = (): AddonError => new AddonError('forbidden', 'Only admins of the workspace may do this.');
