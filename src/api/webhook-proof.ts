import { clockifyId, invalidToken } from '../domain/token-kind.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { digestToken, isSameDigest } from '../platform/token-digest.ts';
import { verifyCounted } from './middleware/require-token.ts';
import type { TokenGateDeps } from './middleware/require-token.ts';
import type { WebhookGates } from './webhook-gates.ts';

export interface WebhookProofDeps extends TokenGateDeps {
  readonly gates: Pick<WebhookGates, 'find'>;
}

export interface Presented {
  readonly path: string;
  readonly token: string | undefined;
  /** The query of the request: webhooks that we registered ourselves name their installation there. */
  readonly query: URLSearchParams;
}

/** `unknown`: Clockify's signature, for an installation that we do not know (yet). */
type Standing = 'active' | 'out_of_use' | 'unknown';

export interface Proof {
  readonly ref: InstallationRef;
  readonly tokenDigest: string;
  readonly standing: Standing;
}

const mostVerified = 20_000;
const noDigest = digestToken('');

/**
 * Proves for which installation a delivery speaks: its token must be the one that is stored for the installation and
 * the path. Of a webhook in the manifest it must also bear Clockify's signature; what the row says decides, never what
 * the token looks like. Throws `invalid_token`.
 */
export function createWebhookProof(deps: WebhookProofDeps) {
  /** Owners of tokens whose signature was verified and that are in use: each is one text for ever. */
  const verified = new Map<string, InstallationRef>();

  async function verifyOwner(token: string | undefined, digest: string): Promise<InstallationRef> {
    const before = verified.get(digest);
    if (before !== undefined) return before;
    const { workspaceId, addonId } = await verifyCounted(deps, token, 'webhook');
    return { workspaceId, addonId };
  }

  function remember(digest: string, ref: InstallationRef): void {
    if (verified.size >= mostVerified) verified.clear();
    verified.set(digest, ref);
  }

  function refuse(): never {
    deps.metrics.signatureFailures.inc({ scope: 'webhook' });
    throw invalidToken('other_token');
  }

  return async function prove({ path, token, query }: Presented): Promise<Proof> {
    const tokenDigest = digestToken(token ?? '');
    const named = readNamed(query);
    const ref = named ?? (await verifyOwner(token, tokenDigest));
    const gate = await deps.gates.find(ref);
    if (gate === undefined && named === undefined) return { ref, tokenDigest, standing: 'unknown' };
    const hook = gate?.hooks[path];
    if (!isSameDigest(tokenDigest, hook?.digest ?? noDigest) || token === undefined || token === '') return refuse();
    if (hook?.kind === 'manifest') {
      const owner = named === undefined ? ref : await verifyOwner(token, tokenDigest);
      if (owner.workspaceId !== ref.workspaceId || owner.addonId !== ref.addonId) return refuse();
      remember(tokenDigest, owner);
    }
    return { ref, tokenDigest, standing: gate?.status === 'active' ? 'active' : 'out_of_use' };
  };
}

/** Not secret, and no proof: it only says whose stored token to compare with. */
function readNamed(query: URLSearchParams): InstallationRef | undefined {
  const [workspaceId, addonId] = [query.get('workspaceId'), query.get('addonId')];
  if (workspaceId === null && addonId === null) return undefined;
  const ref = { workspaceId: clockifyId.safeParse(workspaceId), addonId: clockifyId.safeParse(addonId) };
  if (!ref.workspaceId.success || !ref.addonId.success) throw invalidToken('malformed');
  return { workspaceId: ref.workspaceId.data, addonId: ref.addonId.data };
}
