import type { IncomingMessage } from 'node:http';
import { membershipStatusOf, roleOf } from '../platform/members.ts';
import { findKeyedWorkspaces } from '../platform/api-keys.ts';
import type { Installation, Workspace, Workspaces } from '../platform/state.ts';
import type { Claims, TokenSigner } from '../platform/tokens.ts';
import type { Caller } from './context.ts';
import { refuse, type Refusal } from './reply.ts';

const credentialHeaders = ['x-addon-token', 'x-api-key', 'x-marketplace-token', 'authorization'] as const;

export interface Credential {
  readonly header: (typeof credentialHeaders)[number];
  readonly value: string;
}

/** Every credential a request carries, repeated headers included. */
export function readCredentials(headers: IncomingMessage['headersDistinct']): readonly Credential[] {
  return credentialHeaders.flatMap((header) => (headers[header] ?? []).map((value) => ({ header, value })));
}

interface Platform {
  readonly workspaces: Workspaces;
  readonly signer: TokenSigner;
  /** Which one the request names. */
  readonly workspaceId: string | undefined;
  readonly nowMs: number;
}

/**
 * The caller behind exactly one valid credential. None, two or a Bearer token: 401 code 1000; an API key that nobody
 * has: 401 code 4003; an add-on token that is forged, expired, uninstalled or not made for calls: 401 code 4017.
 */
export function authenticate(credentials: readonly Credential[], platform: Platform): Caller {
  const [credential, ...others] = credentials;
  if (credential === undefined || others.length > 0) throw refuse(401, 1000, 'Full authentication is required');
  if (credential.header === 'x-api-key') return readKeyHolder(credential.value, platform);
  if (credential.header !== 'x-addon-token') throw refuse(401, 1000, 'Full authentication is required');
  const claims = platform.signer.read(credential.value);
  if (claims === null || !isCurrent(claims, platform.nowMs)) throw invalidToken();
  return readCaller(claims, platform.workspaces);
}

/** How a token that cannot be used is refused. */
export function invalidToken(): Refusal {
  return refuse(401, 4017, 'Invalid add-on token');
}

function isCurrent(claims: Claims, nowMs: number): boolean {
  const { exp } = claims;
  return exp === undefined || (typeof exp === 'number' && exp * 1000 > nowMs);
}

function readCaller(claims: Claims, workspaces: Workspaces): Caller {
  const workspace = workspaces.get(String(claims['workspaceId']));
  const installation = workspace?.installations.find((one) => isOf(one, claims));
  const kind = kindOf(claims);
  if (workspace === undefined || installation === undefined || kind === null) throw invalidToken();
  const userId = String(claims['user']);
  if (workspace.world.find('users', userId) === undefined) throw invalidToken();
  assertActive(workspace, userId);
  // No code: the add-on is switched off, but its token is not dead.
  if (installation.status === 'INACTIVE') throw refuse(401, null, 'Add-on is not active in this workspace');
  const role = kind === 'installation' ? 'OWNER' : roleOf(workspace.world, userId);
  return { kind, installation, workspace, workspaces: [workspace], userId, role };
}

/** Acts as the member; where the request names no workspace, in the first that the key opens. */
function readKeyHolder(apiKey: string, { workspaces, workspaceId }: Platform): Caller {
  const opened = findKeyedWorkspaces(workspaces, apiKey);
  const workspace = opened.find(({ world }) => world.workspaceId === workspaceId) ?? opened[0];
  const userId = workspace?.apiKeys.get(apiKey);
  if (workspace === undefined || userId === undefined) throw refuse(401, 4003, 'Api key does not exist');
  assertActive(workspace, userId);
  const role = roleOf(workspace.world, userId);
  return { kind: 'personal', installation: null, workspace, workspaces: opened, userId, role };
}

function assertActive({ world }: Workspace, userId: string): void {
  if (membershipStatusOf(world.find('users', userId)) !== 'ACTIVE') throw refuse(403, null, 'Access denied');
}

function isOf(installation: Installation, claims: Claims): boolean {
  return (
    installation.installed &&
    installation.addonId === claims['addonId'] &&
    installation.manifest.key === claims['sub'] &&
    claims['iss'] === 'clockify' &&
    claims['type'] === 'addon'
  );
}

/** Only installation and user tokens open the API; webhook and lifecycle tokens name neither user nor hosts. */
function kindOf(claims: Claims): 'installation' | 'user' | null {
  if (typeof claims['user'] !== 'string' || typeof claims['backendUrl'] !== 'string') return null;
  return claims['workspaceRole'] === undefined ? 'installation' : 'user';
}
