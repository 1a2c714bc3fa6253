import { assertAllowedUrl } from '../clockify/egress.ts';
import type { InstalledCall, NewWebhook } from '../db/lifecycle.ts';
import { buildTokenContext } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { InstalledPayload } from '../domain/installation-payloads.ts';
import { invalidToken } from '../domain/token-kind.ts';
import type { ClaimsOf } from '../domain/token-kind.ts';
import { buildWebhookPath, findEventOfPath } from '../domain/webhook-events.ts';
import { digestToken } from '../platform/token-digest.ts';
import type { TokenSeal } from '../platform/token-seal.ts';
import { verifyCounted } from './middleware/require-token.ts';
import type { TokenGateDeps } from './middleware/require-token.ts';

export interface InstallationClaimsDeps extends TokenGateDeps {
  readonly seal: TokenSeal;
  readonly allowedApiDomains: readonly string[];
}

/**
 * Turns an INSTALLED body into what is stored. Every token in it must be genuine, of its kind and of this very
 * installation; addresses come from the signed claims, never from the body. Throws `invalid_token`, `validation_failed`.
 */
export async function readInstallation(
  deps: InstallationClaimsDeps,
  payload: InstalledPayload,
): Promise<InstalledCall> {
  const { workspaceId, addonId, authToken } = payload;
  const claims = await verifyCounted(deps, authToken, 'installation');
  assertSameOwner(claims, payload);
  const urls = readBaseUrls(claims, payload.apiUrl, deps.allowedApiDomains);
  const webhooks = await readWebhooks(deps, payload);
  return {
    installation: {
      workspaceId,
      addonId,
      ...urls,
      ownerUserId: claims.user,
      asUser: payload.asUser ?? null,
      addonUserId: payload.addonUserId ?? null,
      token: deps.seal.seal(authToken, buildTokenContext(payload)),
      tokenDigest: digestToken(authToken),
    },
    webhooks,
  };
}

function assertSameOwner(claims: InstallationRef, { workspaceId, addonId }: InstallationRef): void {
  if (claims.workspaceId !== workspaceId || claims.addonId !== addonId) throw invalidToken('other_token');
}

function readBaseUrls(
  { backendUrl, reportsUrl }: ClaimsOf<'installation'>,
  apiUrl: string,
  allowed: readonly string[],
): { apiUrl: string; reportsUrl: string | null } {
  if (withoutSlash(apiUrl) !== withoutSlash(backendUrl)) throw refuseUrl('/apiUrl', 'Contradicts the token');
  for (const url of [backendUrl, reportsUrl]) assertClockifyHost(url, allowed);
  return { apiUrl: withVersion(backendUrl), reportsUrl: reportsUrl === undefined ? null : withVersion(reportsUrl) };
}

function assertClockifyHost(url: string | undefined, allowed: readonly string[]): void {
  if (url === undefined) return;
  try {
    assertAllowedUrl(new URL(url), allowed);
  } catch {
    throw refuseUrl('/authToken', 'Names a host that is not on the list of Clockify hosts');
  }
}

const refuseUrl = (path: string, message: string): AddonError =>
  new AddonError('validation_failed', 'The addresses of the installation are not acceptable.', {
    reason: 'base_url',
    fields: [{ path, message }],
  });

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/** The claims name bases without the version; it is appended once. */
const withVersion = (base: string): string => `${withoutSlash(base).replace(/\/v1$/, '')}/v1`;

/** Clockify names a webhook by its path alone; paths that are not ours are passed over. */
async function readWebhooks(deps: TokenGateDeps, payload: InstalledPayload): Promise<NewWebhook[]> {
  const webhooks: NewWebhook[] = [];
  for (const { path, authToken } of payload.webhooks ?? []) {
    assertSameOwner(await verifyCounted(deps, authToken, 'webhook'), payload);
    const event = findEventOfPath(path);
    if (event !== undefined)
      webhooks.push({ path: buildWebhookPath(event), event, tokenDigest: digestToken(authToken) });
  }
  return webhooks;
}
