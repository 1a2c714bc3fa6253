import { startApi, startWorkers } from '../demo/addon.ts';
import { ensureUi } from '../demo/build-ui.ts';
import { startDevelopmentEngines } from '../demo/engines.ts';
import { addonEnvironment, buildApiUrl } from '../demo/environments.ts';
import { logFileOf, runNode } from '../demo/launchers.ts';
import type { StackPaths, StackState } from '../demo/state.ts';
import type { Supervisor } from '../demo/supervisor.ts';
import { createLocalTokens } from './local-tokens.ts';
import type { LocalTokens } from './local-tokens.ts';

export interface MirrorStackOptions {
  readonly root: string;
  readonly paths: StackPaths;
  readonly state: StackState;
  readonly supervisor: Supervisor;
  /** Where the API and the worker may send the key. */
  readonly allowedDomains: readonly string[];
  readonly log: (line: string) => void;
}

export interface MirrorStack {
  readonly apiUrl: string;
  /** As the role that the add-on runs as. */
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string | undefined;
  readonly tokens: LocalTokens;
}

/** Starts database, Temporal, API and worker, each in its own process; the API listens on this machine alone. */
export async function startMirrorStack(options: MirrorStackOptions): Promise<MirrorStack> {
  const { root, paths, state, allowedDomains, log } = options;
  const [engines] = await Promise.all([startDevelopmentEngines(options), ensureUi(root, log)]);
  const { appDatabaseUrl: databaseUrl, temporalAddress, temporalUiUrl } = engines;
  const migration = { PATH: process.env['PATH'], DATABASE_URL: engines.ownerDatabaseUrl };
  await runNode({ root, entry: ['src/db/migrate.ts'], env: migration, logFile: logFileOf(paths.logs, 'migrate') });
  const tokens = createLocalTokens();
  const { publicKey } = tokens;
  const env = {
    ...addonEnvironment({ state, paths, databaseUrl, temporalAddress, publicKey, allowedApiDomains: allowedDomains }),
    READ_ONLY: 'true',
    WEBHOOK_LIMIT: '0',
    AUTO_BOOTSTRAP_ON_INSTALL: 'false',
  };
  await Promise.all([startApi(options, env), startWorkers(options, 1, env)]);
  return { apiUrl: buildApiUrl(state), databaseUrl, temporalAddress, temporalUiUrl, tokens };
}
