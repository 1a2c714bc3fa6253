import { z } from 'zod';
import { openCredential } from '../activities/installation-access.ts';
import { buildUrl } from '../clockify/egress.ts';
import type { Installation } from '../db/installation.entity.ts';
import { AddonError } from '../domain/errors.ts';
import { isAdminRole } from '../domain/roles.ts';
import type { TokenSeal } from '../platform/token-seal.ts';
import type { ReadClockify } from './clockify-calls.ts';

export interface ViewerRolesDeps {
  readonly read: ReadClockify;
  readonly seal: TokenSeal;
  /** Milliseconds; a parameter so that a test need not wait. */
  readonly clock?: () => number;
}

export interface ViewerRoles {
  /** Whether the user is an active admin of the workspace, as of a minute ago at most. */
  isAdmin(installation: Installation, userId: string): Promise<boolean>;
}

const longestUseMs = 60_000;
const mostCached = 1_000;
const pageSize = 200;
const mostPages = 100;

const userSchema = z.object({ id: z.string(), roles: z.array(z.unknown()).nullish() });
/** The document does not describe a member's roles; captures show the name alone, or inside `role`. */
const roleSchema = z.union([
  z.object({ role: z.string() }).transform(({ role }) => role),
  z.object({ role: z.object({ name: z.string() }) }).transform(({ role }) => role.name),
  z.object({ name: z.string() }).transform(({ name }) => name),
  z.string(),
]);

type Member = z.infer<typeof userSchema>;

/** Reads roles from Clockify with the installation's token: a token in the browser may be older than a demotion. */
export function createViewerRoles({ read, seal, clock = Date.now }: ViewerRolesDeps): ViewerRoles {
  const cache = new Map<string, { readonly isAdmin: boolean; readonly readAt: number }>();

  function remember(key: string, isAdmin: boolean): void {
    if (cache.size >= mostCached) cache.clear();
    cache.set(key, { isAdmin, readAt: clock() });
  }

  async function findMember(installation: Installation, userId: string): Promise<Member | undefined> {
    const { workspaceId, apiUrl } = installation;
    const credential = openCredential(seal, installation);
    for (let page = 1; page <= mostPages; page += 1) {
      const { body, lastPage } = await read({
        workspaceId,
        credential,
        url: buildMembersUrl(apiUrl, workspaceId, page),
      });
      const members = parseMembers(body);
      const found = members.find(({ id }) => id === userId);
      if (found !== undefined || lastPage === true || members.length === 0) return found;
    }
    return undefined;
  }

  return {
    async isAdmin(installation, userId) {
      const key = `${installation.workspaceId}/${userId}`;
      const known = cache.get(key);
      if (known !== undefined && clock() - known.readAt < longestUseMs) return known.isAdmin;
      const member = await findMember(installation, userId);
      const isOwner = member !== undefined && userId === installation.ownerUserId;
      const isAdmin = isOwner || rolesOf(member).some(isAdminRole);
      remember(key, isAdmin);
      return isAdmin;
    },
  };
}

const rolesOf = (member: Member | undefined): string[] =>
  (member?.roles ?? []).flatMap((role) => roleSchema.safeParse(role).data ?? []);

const buildMembersUrl = (apiUrl: string, workspaceId: string, page: number): URL =>
  buildUrl(
    apiUrl,
    '/workspaces/{workspaceId}/users',
    { workspaceId },
    {
      status: 'ACTIVE',
      'include-roles': 'true',
      'sort-column': 'ID',
      page: String(page),
      'page-size': String(pageSize),
    },
  );

function parseMembers(body: unknown): Member[] {
  const result = z.array(userSchema).safeParse(body);
  if (result.success) return result.data;
  throw new AddonError('clockify_answer_malformed', 'Clockify answered with something that is not a list of members.');
}
