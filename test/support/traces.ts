type Query = (sql: string) => Promise<Record<string, unknown>[]>;

/** How many rows of each table of the schema name an id, in whatever column; tables without such rows are left out. */
export async function findRowsNaming(rows: Query, id: string): Promise<Record<string, number>> {
  const tables = await rows(`select tablename from pg_tables where schemaname = 'public'`);
  const found = await Promise.all(
    tables.map(async ({ tablename }) => {
      const [row] = await rows(`select count(*)::int as count from ${tablename} t where t::text like '%${id}%'`);
      return [String(tablename), Number(row?.['count'])] as const;
    }),
  );
  return Object.fromEntries(found.filter(([, count]) => count > 0));
}
