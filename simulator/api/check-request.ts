import { isAdmin } from '../platform/members.ts';
import type { Workspaces } from '../platform/state.ts';
import { invalidToken } from './authenticate.ts';
import type { AnswerRules, Caller, Context } from './context.ts';
import type { Operation, QueryParameter } from './operations.ts';
import { empty, Refusal, refuse } from './reply.ts';
import { isRow } from './rows.ts';

/** A workspace nobody knows is 404 without a body; somebody else's is a wrong token, or forbidden to a member. */
export function checkWorkspace(workspaceId: string | undefined, caller: Caller, workspaces: Workspaces): void {
  if (workspaceId === undefined || workspaceId === caller.workspace.world.workspaceId) return;
  if (!workspaces.has(workspaceId)) throw new Refusal(empty(404));
  throw caller.kind === 'personal' ? refuse(403, null, 'Access denied') : invalidToken();
}

/** What add-ons may not call, or not without a scope, is 401 with text, never 4017; a member needs no scope. */
export function checkAddon(
  { isClosedToAddons }: AnswerRules,
  { scope }: Operation,
  { installation, workspace }: Caller,
): void {
  if (installation === null) return;
  if (isClosedToAddons?.(workspace) === true) throw refuse(401, null, 'API is not accessible');
  if (scope !== null && !installation.scopes.includes(scope)) throw missingPermission(scope);
}

export function missingPermission(scope: string): Refusal {
  return refuse(401, null, `Missing permission: ${scope}`);
}

/** A feature the workspace lacks, and what a plain member may not see, are 403. */
export function checkRights({ feature, members }: AnswerRules, { world, caller, params }: Context): void {
  if (feature !== undefined && !hasFeature(world.list('workspace')[0], feature)) {
    throw refuse(403, null, `Feature ${feature} is not available on this workspace`);
  }
  if (members === undefined || isAdmin(caller.role)) return;
  if (members === 'never' || params['userId'] !== caller.userId) throw refuse(403, null, 'Access denied');
}

function hasFeature(workspace: unknown, feature: string): boolean {
  const features = isRow(workspace) ? workspace['features'] : [];
  return Array.isArray(features) && features.includes(feature);
}

/** Missing required parameters are 400 code 3001, unreadable values 400 code 3000, unknown names nothing at all. */
export function checkQuery({ query: parameters }: Operation, query: URLSearchParams): void {
  for (const parameter of parameters) {
    const values = query.getAll(parameter.name);
    if (parameter.required && values.length === 0) {
      throw refuse(400, 3001, `Required request parameter '${parameter.name}' is not present`);
    }
    if (!values.every((value) => fits(parameter, value))) {
      throw refuse(400, 3000, `Value of parameter '${parameter.name}' is not valid`);
    }
  }
}

/** Its unknown values are a server error of their own, so they must pass here. */
const UNCHECKED = 'sharedReportsFilter';

function fits({ name, type, allowed }: QueryParameter, value: string): boolean {
  if (type === 'boolean') return value === 'true' || value === 'false';
  if (type === 'integer') return /^-?\d+$/.test(value);
  if (allowed === null || name === UNCHECKED) return true;
  const values = type === 'array' ? value.split(',') : [value];
  return values.every((one) => allowed.includes(one));
}
