import type { Middleware } from 'koa';
import type { InstallationRef } from '../../domain/contract.ts';
import { readSingleHeader } from '../headers.ts';
import type { OperatorClaims, OperatorTokens } from '../operator-tokens.ts';
import type { BodyState, JsonState, RequestState } from '../state.ts';

export interface OperatorState extends RequestState, BodyState, JsonState {
  operator: OperatorClaims;
}

/** For a route of those who run the add-on: a token of their identity provider. */
export function requireOperator(operators: OperatorTokens): Middleware<OperatorState> {
  return async function requireOperator(ctx, next) {
    const [, token] = /^Bearer ([^ ]+)$/i.exec(readSingleHeader(ctx.req, 'authorization') ?? '') ?? [];
    ctx.state.operator = await operators.verify(token);
    await next();
  };
}

/** Where the routes of one installation are. */
export const installationPath = '/installations/:workspaceId/:addonId';

/** The installation that the path names. */
export const refOf = ({ workspaceId = '', addonId = '' }: Record<string, string>): InstallationRef => ({
  workspaceId,
  addonId,
});
