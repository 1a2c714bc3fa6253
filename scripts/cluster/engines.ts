import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchPostgres } from '../demo/engines.ts';
import type { EngineOptions, Engines } from '../demo/engines.ts';
import { logFileOf, waitForAnswer } from '../demo/launchers.ts';
import type { ClusterPorts, DemoPaths, DemoState } from '../demo/state.ts';
import type { Launch } from '../demo/supervisor.ts';
import { spawnLeashed } from '../stack/leash.ts';
import type { PostgresRole, PostgresServer } from '../stack/postgres.ts';
import { findClusterBinaries } from './binaries.ts';
import type { ClusterBinaries } from './binaries.ts';
import { runPsqlScript } from './psql-script.ts';
import { buildServerConfig, buildUiConfig, writeConfig } from './temporal-config.ts';
import { prepareNamespace } from './temporal-namespace.ts';
import { updateTemporalSchema } from './temporal-schema.ts';

interface ClusterOptions extends EngineOptions {
  readonly paths: DemoPaths;
  readonly state: DemoState;
}

const deploy = join(import.meta.dirname, '../../deploy');
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

/** The roles and databases that a deployment has, by the same script. */
async function createRoles(server: PostgresServer): Promise<void> {
  const passwordOf = (role: PostgresRole): string => new URL(server.url('postgres', role)).password;
  await runPsqlScript({
    script: await readFile(join(deploy, 'postgres/roles.sql'), 'utf8'),
    variables: {
      owner_password: passwordOf('clockify_owner'),
      app_password: passwordOf('clockify_addon'),
      temporal_password: passwordOf('temporal'),
    },
    urlOf: (database) => server.url(database),
  });
}

function launchTemporal(options: ClusterOptions, binaries: ClusterBinaries, databaseUrl: URL): Launch {
  const { paths, state, log } = options;
  const frontendPort = state.ports.temporal;
  return async () => {
    const config = buildServerConfig({
      databaseUrl,
      frontendPort,
      ports: state.clusterPorts as ClusterPorts,
      dynamicConfigFile: join(deploy, 'temporal/dynamic-config.yaml'),
    });
    const args = await writeConfig(join(paths.temporalConfig, 'server'), config);
    const logFile = logFileOf(paths.logs, 'temporal');
    const server = await spawnLeashed({ command: binaries.server, args, env, logFile });
    await prepareNamespace(`127.0.0.1:${frontendPort}`);
    log(`Temporal listens on 127.0.0.1:${frontendPort}, on PostgreSQL`);
    return { exited: server.exited, stop: () => server.stop('SIGTERM') };
  };
}

function launchUi({ paths, state }: ClusterOptions, binaries: ClusterBinaries): Launch {
  const { temporal, temporalUi: port } = state.ports;
  return async () => {
    const config = buildUiConfig({ temporalAddress: `127.0.0.1:${temporal}`, port });
    const args = await writeConfig(join(paths.temporalConfig, 'ui'), config);
    const logFile = logFileOf(paths.logs, 'temporal-ui');
    const ui = await spawnLeashed({ command: binaries.ui, args, env, logFile });
    await waitForAnswer(ui, { name: 'The Web UI', readyUrl: `http://127.0.0.1:${port}`, logFile });
    return { exited: ui.exited, stop: () => ui.stop('SIGTERM') };
  };
}

/** Starts Postgres, on it Temporal's own server, and its Web UI: each a process of its own, as in production. */
export async function startClusterEngines(options: ClusterOptions): Promise<Engines> {
  const { state, supervisor, log } = options;
  const postgres = launchPostgres(options);
  const [binaries] = await Promise.all([
    findClusterBinaries({ log }),
    supervisor.startTogether({ postgres: postgres.launch }),
  ]);
  const server = postgres.server();
  await createRoles(server);
  const temporalDatabase = new URL(server.url('temporal', 'temporal'));
  await updateTemporalSchema(binaries.schemaTool, temporalDatabase);
  await supervisor.startTogether({ temporal: launchTemporal(options, binaries, temporalDatabase) });
  await supervisor.startTogether({ 'temporal-ui': launchUi(options, binaries) });
  return {
    adminDatabaseUrl: server.url('clockify'),
    ownerDatabaseUrl: server.url('clockify', 'clockify_owner'),
    appDatabaseUrl: server.url('clockify', 'clockify_addon'),
    temporalAddress: `127.0.0.1:${state.ports.temporal}`,
    temporalUiUrl: `http://127.0.0.1:${state.ports.temporalUi}`,
  };
}
