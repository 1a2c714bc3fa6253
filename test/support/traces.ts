type Query = (sql: string) => Promise<Record<string, unknown>[]>;

/** How many rows of each table of the schema name an id, in whatever column; tables without such rows are left out. */
export async function findRowsNaming(rows: Query, id: string): Promise<Record<string, number>> {
  const tables = await rows(`select tablename from pg_tables where schemaname = 'public'`);
  const names = tables.map(({ tablename }) => String(tablename));
  const found = await Promise.all(
    names.map(async (name) => {
      const [row] = await rows(`select count(*)::int as count from ${name} t where t::text like '%${id}%'`);
      return [name, Number(row?.['count'])] as const;
    }),
  );
  return Object.fromEntries(found.filter(([, count]) => count > 0));
}
