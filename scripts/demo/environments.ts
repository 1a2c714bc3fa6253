import type { DemoPaths, DemoState, StackPaths, StackState } from './state.ts';

export const addonKey = 'clockify-api-studio';

export interface Addresses {
  readonly simulator: string;
  readonly api: string;
}

export const buildApiUrl = ({ ports }: Pick<StackState, 'ports'>): string => `http://127.0.0.1:${ports.api}`;

export const buildAddresses = ({ ports }: Pick<DemoState, 'ports'>): Addresses => ({
  simulator: `http://127.0.0.1:${ports.simulator}`,
  api: buildApiUrl({ ports }),
});

/** What every process needs of ours; nothing else of our environment reaches a part. */
const inherited = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: process.env['HOME'] });

export const simulatorEnvironment = (state: DemoState, paths: DemoPaths): NodeJS.ProcessEnv => ({
  ...inherited(),
  SIMULATOR_PORT: String(state.ports.simulator),
  SIMULATOR_PROFILE: state.profile,
  SIMULATOR_STATE: paths.simulatorState,
});

export interface AddonEnvironmentOptions {
  readonly state: StackState;
  readonly paths: StackPaths;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** PEM. */
  readonly publicKey: string;
  readonly allowedApiDomains: readonly string[];
}

/** The add-on is configured as in production: by these variables and nothing else. */
export function addonEnvironment(options: AddonEnvironmentOptions): NodeJS.ProcessEnv {
  const { state, paths, databaseUrl, temporalAddress, publicKey, allowedApiDomains } = options;
  return {
    ...inherited(),
    HOST: '127.0.0.1',
    PORT: String(state.ports.api),
    BASE_URL: buildApiUrl(state),
    ADDON_KEY: addonKey,
    DATABASE_URL: databaseUrl,
    TOKEN_ENCRYPTION_KEYS: state.encryptionKeys,
    CLOCKIFY_PUBLIC_KEYS: publicKey,
    CLOCKIFY_ALLOWED_API_DOMAINS: allowedApiDomains.join(','),
    TEMPORAL_ADDRESS: temporalAddress,
    SPOOL_DIRECTORY: paths.spool,
    LOG_LEVEL: 'info',
  };
}
