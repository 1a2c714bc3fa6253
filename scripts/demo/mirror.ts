import pg from 'pg';

/** One kind of rows, on either side: how many, and a digest over keys and contents. */
export interface Content {
  readonly count: number;
  readonly hash: string;
}

/** sha256 over the lines `id:hash`, sorted by id: the same sum as the simulator's. */
const contentQuery = `
  select entity_type as entity, count(*)::int as count,
         encode(sha256(convert_to(string_agg(entity_id || ':' || hash, E'\\n' order by entity_id collate "C"), 'UTF8')), 'hex') as hash
  from workspace_data
  where workspace_id = $1 and deleted_at is null
  group by entity_type`;

/** Reads what the mirror holds of a workspace. The URL must be a superuser's: row-level security would hide the rows. */
export async function readMirror(adminUrl: string, workspaceId: string): Promise<ReadonlyMap<string, Content>> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Content & { entity: string }>(contentQuery, [workspaceId]);
    return new Map(rows.map(({ entity, count, hash }) => [entity, { count, hash }]));
  } finally {
    await client.end();
  }
}
