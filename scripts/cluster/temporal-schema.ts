import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Each database with the folder of its schema inside the tool. */
const schemas = { temporal: 'postgresql/v12/temporal', temporal_visibility: 'postgresql/v12/visibility' };

/** Brings Temporal's two databases to the schema of the tool's version. Safe to run again. */
export async function updateTemporalSchema(tool: string, databaseUrl: URL): Promise<void> {
  const { hostname, port, username, password } = databaseUrl;
  for (const [database, schema] of Object.entries(schemas)) {
    const env = {
      SQL_PLUGIN: 'postgres12',
      SQL_HOST: hostname,
      SQL_PORT: port,
      SQL_USER: username,
      SQL_PASSWORD: password,
      SQL_DATABASE: database,
    };
    await run(tool, ['setup-schema', '-v', '0.0'], { env });
    await run(tool, ['update-schema', '--schema-name', schema], { env });
  }
}
