import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import type { InstallationStatus } from './installation.entity.ts';
import { query } from './sql.ts';

/** An installation as an operator sees it; times are those of the database. */
export interface ListedInstallation extends InstallationRef {
  readonly status: InstallationStatus;
  readonly kind: string;
  readonly apiUrl: string;
  readonly plan: string | null;
  readonly installedAt: string;
  readonly updatedAt: string;
  readonly lastBootstrapAt: string | null;
}

const columns = `workspace_id as "workspaceId", addon_id as "addonId", status, kind, api_url as "apiUrl", plan,
  installed_at as "installedAt", updated_at as "updatedAt", last_bootstrap_at as "lastBootstrapAt"`;

/** Installations of all workspaces after the given one, in the order of their ids. For operators only. */
export function listInstallations(
  orm: MikroORM,
  { after, limit }: { readonly after: InstallationRef | null; readonly limit: number },
): Promise<ListedInstallation[]> {
  return orm.em.fork({ session: { variables: { 'app.operator': 'on' } } }).transactional((em) =>
    query(
      em,
      `select ${columns} from installations where (workspace_id, addon_id) > ($1, $2)
         order by workspace_id, addon_id limit $3::int`,
      [after?.workspaceId ?? '', after?.addonId ?? '', limit],
    ),
  );
}
