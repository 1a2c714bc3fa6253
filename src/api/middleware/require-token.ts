import type { Middleware } from 'koa';
import type { TokenVerifier } from '../../clockify/token-verifier.ts';
import { AddonError } from '../../domain/errors.ts';
import type { ClaimsOf, TokenKind } from '../../domain/token-kind.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { readSingleHeader } from '../headers.ts';
import type { ClaimsState, RequestState } from '../state.ts';

export interface TokenGateDeps {
  readonly tokens: TokenVerifier;
  readonly metrics: Metrics;
}

/** Lets only requests pass that carry a token of this kind in this header, before a byte of the body is read. */
export function requireToken<Kind extends TokenKind>(
  header: string,
  kind: Kind,
  deps: TokenGateDeps,
): Middleware<RequestState & ClaimsState<Kind>> {
  return async function requireToken(ctx, next) {
    ctx.state.claims = await verifyCounted(deps, readSingleHeader(ctx.req, header), kind);
    const { workspaceId, addonId } = ctx.state.claims;
    ctx.state.log = ctx.state.log.child({ workspaceId, addonId });
    await next();
  };
}

/** Verifies a token and counts it when it is refused. */
export async function verifyCounted<Kind extends TokenKind>(
  { tokens, metrics }: TokenGateDeps,
  token: string | undefined,
  kind: Kind,
): Promise<ClaimsOf<Kind>> {
  try {
    return await tokens.verifyToken(token, kind);
  } catch (error) {
    if (error instanceof AddonError) metrics.signatureFailures.inc({ scope: kind });
    throw error;
  }
}
