import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import type { InboxLine } from '../domain/inbox.ts';
import { lineColumns } from './inbox-lines.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/** A delivery with its bytes, and what the mirror knows of its entity by now. */
export interface StoredLine extends InboxLine {
  readonly raw: Buffer;
  /** Whether the bytes are JSON that was stored. */
  readonly isJson: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string | null;
  readonly entityVersion: number | null;
  readonly isDeleted: boolean;
}

/** One delivery of an installation; undefined when there is none with this id. */
export async function findLine(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  id: string,
): Promise<StoredLine | undefined> {
  const [line] = await withWorkspace(orm, workspaceId, (em) =>
    query<StoredLine>(em, detailSql, [workspaceId, addonId, id]),
  );
  return line;
}

const detailSql = `
select ${lineColumns}, e.raw, e.body is not null as "isJson", e.headers, e.request_id as "requestId",
  m.version as "entityVersion", m.deleted_at is not null as "isDeleted"
from webhook_events e
left join workspace_data m
  on m.workspace_id = e.workspace_id and m.entity_type = e.entity_type and m.entity_id = e.entity_id
where e.workspace_id = $1 and e.addon_id = $2 and e.id = $3::bigint`;
