import type { MikroORM } from '@mikro-orm/postgresql';
import type { Middleware, Next } from 'koa';
import { getInstallation } from '../../db/installations.ts';
import type { Installation } from '../../db/installation.entity.ts';
import type { InstallationRef } from '../../domain/contract.ts';
import { AddonError } from '../../domain/errors.ts';
import { isAdminRole } from '../../domain/roles.ts';
import type { ClaimsState, RequestState } from '../state.ts';
import { fromStorage } from '../storage.ts';
import type { ViewerRoles } from '../viewer-roles.ts';
import { requireToken } from './require-token.ts';
import type { TokenGateDeps } from './require-token.ts';

export interface AdminGateDeps extends TokenGateDeps {
  readonly orm: MikroORM;
  readonly roles: ViewerRoles;
}

export interface ViewerState extends RequestState, ClaimsState<'user'> {
  installation: Installation;
}

/** For a router of the sidebar: an admin's own token, of an installation that is active. */
export const requireAdmin = ({ orm, ...gate }: AdminGateDeps): Middleware<ViewerState>[] => [
  requireToken('x-addon-token', 'user', gate),
  requireAdminRole(),
  requireActiveInstallation(orm),
];

/** The token names the workspace; another one in the path does not exist for this viewer. */
export function requireOwnWorkspace(workspaceId: string, { state }: { state: ViewerState }, next: Next): Promise<void> {
  if (workspaceId === state.claims.workspaceId) return next();
  throw new AddonError('not_found', 'There is nothing at this address.');
}

function requireAdminRole(): Middleware<ViewerState> {
  return function requireAdminRole(ctx, next) {
    if (!isAdminRole(ctx.state.claims.workspaceRole)) throw notAnAdmin();
    return next();
  };
}

function requireActiveInstallation(orm: MikroORM): Middleware<ViewerState> {
  return async function requireActiveInstallation(ctx, next) {
    ctx.state.installation = await getActiveInstallation(orm, ctx.state.claims);
    await next();
  };
}

/** Throws `installation_inactive` unless the installation is there and switched on. */
export async function getActiveInstallation(orm: MikroORM, ref: InstallationRef): Promise<Installation> {
  const installation = await fromStorage(getInstallation(orm, ref)).catch((error: unknown) => {
    if (error instanceof AddonError && error.code === 'not_found') return undefined;
    throw error;
  });
  if (installation?.status === 'active') return installation;
  throw new AddonError('installation_inactive', 'The add-on is not active in this workspace.');
}

/** Asks Clockify whether the viewer still is an admin: before anything that acts. */
export function requireCurrentAdmin(roles: ViewerRoles): Middleware<ViewerState> {
  return async function requireCurrentAdmin(ctx, next) {
    const { installation, claims } = ctx.state;
    if (!(await roles.isAdmin(installation, claims.user))) throw notAnAdmin();
    await next();
  };
}

const notAnAdmin = (): AddonError => new AddonError('forbidden', 'Only admins of the workspace may do this.');
