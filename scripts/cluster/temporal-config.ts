import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterPorts } from '../demo/state.ts';

export interface ServerConfigOptions {
  /** As the role that owns Temporal's databases. */
  readonly databaseUrl: URL;
  readonly frontendPort: number;
  readonly ports: ClusterPorts;
  readonly dynamicConfigFile: string;
}

export interface UiConfigOptions {
  readonly temporalAddress: string;
  readonly port: number;
}

/** Can never change for a database: a deployment that is to grow takes 512, four are enough for two cores. */
const historyShards = 4;

function buildStore({ host, username, password }: URL, databaseName: string, maxConns: number): object {
  const connection = { connectAddr: host, connectProtocol: 'tcp', user: username, password };
  return { sql: { pluginName: 'postgres12', databaseName, ...connection, maxConns, maxIdleConns: maxConns } };
}

const buildService = (grpcPort: number, membershipPort: number): object => ({
  rpc: { grpcPort, membershipPort, bindOnLocalHost: true },
});

/** Temporal's server with all its services in one process, on PostgreSQL. */
export function buildServerConfig(options: ServerConfigOptions): object {
  const { databaseUrl, frontendPort, ports, dynamicConfigFile } = options;
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: historyShards,
      datastores: {
        default: buildStore(databaseUrl, 'temporal', 20),
        visibility: buildStore(databaseUrl, 'temporal_visibility', 10),
      },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: {
      frontend: buildService(frontendPort, ports.frontendMembership),
      history: buildService(ports.history, ports.historyMembership),
      matching: buildService(ports.matching, ports.matchingMembership),
      worker: buildService(ports.worker, ports.workerMembership),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${frontendPort}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: '10s' },
  };
}

/** The Web UI with everything an operator may do. */
export const buildUiConfig = ({ temporalAddress, port }: UiConfigOptions): object => ({
  temporalGrpcAddress: temporalAddress,
  host: '127.0.0.1',
  port,
  enableUi: true,
  defaultNamespace: 'default',
  notifyOnNewVersion: false,
  cors: { cookieInsecure: true, allowOrigins: [`http://127.0.0.1:${port}`] },
});

/** Writes a program's configuration where it looks for it, and returns the arguments that lead there. */
export async function writeConfig(directory: string, config: object): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  // Both programs read YAML, of which JSON is a part. The file holds a password.
  await writeFile(join(directory, 'demo.yaml'), JSON.stringify(config, null, 2), { mode: 0o600 });
  return ['--root', directory, '--config', '.', '--env', 'demo', 'start'];
}
