import { ensureDatabase } from '../stack/ensure-database.ts';
import { startPostgres } from '../stack/postgres.ts';
import type { PostgresServer } from '../stack/postgres.ts';
import { findTemporalBinary } from '../stack/temporal-binary.ts';
import { startTemporal } from '../stack/temporal-server.ts';
import { logFileOf } from './launchers.ts';
import type { StackPaths, StackState } from './state.ts';
import type { Launch, Supervisor } from './supervisor.ts';

export interface EngineOptions {
  readonly paths: StackPaths;
  readonly state: StackState;
  readonly supervisor: Supervisor;
  readonly log: (line: string) => void;
}

/** What our own processes stand on. */
export interface Engines {
  /** As superuser, who sees the rows of every workspace. */
  readonly adminDatabaseUrl: string;
  /** As the role that owns the schema. */
  readonly ownerDatabaseUrl: string;
  /** As the role that the add-on runs as. */
  readonly appDatabaseUrl: string;
  readonly temporalAddress: string;
  /** Undefined: the server is not ours. */
  readonly temporalUiUrl: string | undefined;
}

const database = 'clockify';

/** Postgres as a part of the demo, and the server that runs once the part is started. */
export function launchPostgres({ paths, state, log }: EngineOptions): { launch: Launch; server: () => PostgresServer } {
  let server: PostgresServer | undefined;
  const logFile = logFileOf(paths.logs, 'postgres');
  const options = { dataDir: paths.postgres, port: state.ports.postgres, durable: true, logFile, log };
  return {
    launch: async () => (server = await startPostgres(options)),
    server: () => server as PostgresServer,
  };
}

/** Starts Postgres and, unless TEMPORAL_ADDRESS names another one, Temporal's development server. */
export async function startDevelopmentEngines(options: EngineOptions): Promise<Engines> {
  const { paths, state, supervisor, log } = options;
  const { temporal: port, temporalUi: uiPort } = state.ports;
  const external = process.env['TEMPORAL_ADDRESS'];
  const postgres = launchPostgres(options);
  const temporal: Launch = async () => {
    const binary = await findTemporalBinary({ log });
    const logFile = logFileOf(paths.logs, 'temporal');
    return startTemporal({ binary, dbFile: paths.temporalDb, port, uiPort, logFile, log });
  };
  await supervisor.startTogether({
    postgres: postgres.launch,
    ...(external === undefined && { temporal }),
  });
  await ensureDatabase(postgres.server(), database);
  const addonUrl = postgres.server().url(database, 'clockify_addon');
  return {
    adminDatabaseUrl: postgres.server().url(database),
    ownerDatabaseUrl: addonUrl,
    appDatabaseUrl: addonUrl,
    temporalAddress: external ?? `127.0.0.1:${port}`,
    temporalUiUrl: external === undefined ? `http://127.0.0.1:${uiPort}` : undefined,
  };
}
