import type { MikroORM } from '@mikro-orm/postgresql';
import { listInstallations } from '../db/installation-list.ts';
import { withWorkspace } from '../db/orm.ts';
import { query } from '../db/sql.ts';
import { buildTokenContext } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { TokenSeal } from '../platform/token-seal.ts';

export interface ResealDeps {
  readonly orm: MikroORM;
  readonly seal: TokenSeal;
}

const tokenColumns = ['token', 'pending_token'] as const;
type TokenColumn = (typeof tokenColumns)[number];

const isOne = 'workspace_id = $1 and addon_id = $2';
const readSql = `select ${tokenColumns.join(', ')} from installations where ${isOne} for update`;
const pageSize = 200;

/**
 * Seals every stored token with the key that seals now, so that older keys can be taken away. Safe to run again, and
 * while the add-on works. Returns how many were changed; throws when a token is sealed by a key that is not configured.
 */
export async function resealTokens({ orm, seal }: ResealDeps): Promise<number> {
  let changed = 0;
  let after: InstallationRef | null = null;
  for (;;) {
    const page: InstallationRef[] = await listInstallations(orm, { after, limit: pageSize });
    for (const ref of page) changed += await resealOne({ orm, seal }, ref);
    after = page.at(-1) ?? null;
    if (page.length < pageSize) return changed;
  }
}

async function resealOne({ orm, seal }: ResealDeps, ref: InstallationRef): Promise<number> {
  const key = [ref.workspaceId, ref.addonId];
  const context = buildTokenContext(ref);
  return withWorkspace(orm, ref.workspaceId, async (em) => {
    const [row] = await query<Partial<Record<TokenColumn, string | null>>>(em, readSql, key);
    const stale = tokenColumns.flatMap((column) => {
      const sealed = row?.[column] ?? null;
      return sealed === null || seal.isCurrent(sealed) ? [] : [{ column, sealed }];
    });
    for (const { column, sealed } of stale) {
      const fresh = seal.seal(seal.open(sealed, context), context);
      await query(em, `update installations set ${column} = $3 where ${isOne}`, [...key, fresh]);
    }
    return stale.length;
  });
}
