import { z } from 'zod';
import { customSources } from './custom-sources.ts';
import {
  apiDomains,
  boolean,
  duration,
  encryptionKeys,
  hostAndPort,
  httpsUrl,
  httpsUrlOrLocal,
  integer,
  isLocalHost,
  isLocalOrigin,
  list,
  postgresUrl,
  publicKeys,
  publicUrl,
} from './setting-formats.ts';

/** The one key Clockify publishes for all its add-on tokens, in every region and on the developer environment. */
const documentedPublicKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAubktufFNO/op+E5WBWL6
/Y9QRZGSGGCsV00FmPRl5A0mSfQu3yq2Yaq47IlN0zgFy9IUG8/JJfwiehsmbrKa
49t/xSkpG1u9w1GUyY0g4eKDUwofHKAt3IPw0St4qsWLK9mO+koUo56CGQOEpTui
5bMfmefVBBfShXTaZOtXPB349FdzSuYlU/5o3L12zVWMutNhiJCKyGfsuu2uXa9+
6uQnZBw1wO3/QEci7i4TbC+ZXqW1rCcbogSMORqHAP6qSAcTFRmrjFAEsOWiUUhZ
rLDg2QJ8VTDghFnUhYklNTJlGgfo80qEWe1NLIwvZj0h3bWRfrqZHsD/Yjh0duk6
yQIDAQAB
-----END PUBLIC KEY-----`;

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const settings = z.object({
  BASE_URL: publicUrl().meta({ description: 'Public URL of this deployment; http only on loopback or a dotless host' }),
  ADDON_KEY: z
    .string()
    .min(2, 'must have at least 2 characters')
    .max(50, 'must have at most 50 characters')
    .meta({ description: 'Key of the manifest, and the subject of every Clockify token' }),
  DATABASE_URL: postgresUrl().meta({ description: 'PostgreSQL connection URL' }),
  HOST: z.string().prefault('0.0.0.0').meta({ description: 'Address the API listens on' }),
  PORT: integer(0, 65_535).prefault('8000').meta({ description: 'Port the API listens on' }),
  LOG_LEVEL: z
    .enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` })
    .prefault('info')
    .meta({ description: 'Least severe level that is logged' }),
  CLOCKIFY_PUBLIC_KEYS: publicKeys().prefault(documentedPublicKey).meta({
    description: 'PEM public keys that verify Clockify tokens, the current and the next',
    shown: 'the documented key',
  }),
  CLOCKIFY_JWKS_URL: httpsUrl()
    .optional()
    .meta({ description: 'Further keys, asked only when no PEM fits; off unless set' }),
  CLOCKIFY_ALLOWED_API_DOMAINS: apiDomains().prefault('*.clockify.me,*.clockify.com').meta({
    description: 'Hosts that calls may go to; a local simulator by its http origin, if BASE_URL is local too',
  }),
  WEBHOOK_LIMIT: integer(0, 51)
    .prefault('20')
    .meta({ description: 'Webhooks the manifest declares, most valuable first' }),
  WEBHOOK_MAX_PAYLOAD_BYTES: integer(1_024, 20_971_520)
    .prefault('5242880')
    .meta({ description: 'Largest body of a webhook, in bytes' }),
  WEBHOOK_RETENTION_DAYS: integer(30, 90)
    .prefault('90')
    .meta({ description: 'Days for which deliveries are kept; what they changed in the mirror stays' }),
  CUSTOM_WEBHOOK_SOURCES: customSources().prefault('[]').meta({
    description: 'Sources besides Clockify, as a JSON list of `{"source", "workspaceId", "secret"}`',
    shown: 'none',
  }),
  READ_ONLY: boolean()
    .prefault('false')
    .meta({ description: 'Ask for no permission to write: the manifest leaves out every scope that ends in _WRITE' }),
  RATE_LIMIT_RPS: integer(1, 50).prefault('48').meta({ description: 'Requests a second to Clockify, per workspace' }),
  RATE_LIMIT_HOURLY: integer(1, 1_000_000)
    .optional()
    .meta({ description: 'Requests an hour to Clockify, per workspace; unset: learned from refusals' }),
  BOOTSTRAP_MAX_PAGES: integer(1, 1_000_000).prefault('1000').meta({ description: 'Pages read of one list' }),
  BOOTSTRAP_PAGE_SIZE: integer(1, 5_000)
    .prefault('200')
    .meta({ description: 'Rows asked for in one page, before what is learned' }),
  BOOTSTRAP_CONCURRENCY: integer(1, 64).prefault('8').meta({ description: 'Page loops of one workspace at a time' }),
  AUTO_BOOTSTRAP_ON_INSTALL: boolean()
    .prefault('true')
    .meta({ description: 'Read the workspace when it installs the add-on' }),
  TIME_ENTRY_DAYS: integer(1, 36_500).optional().meta({ description: 'Time entries of so many days; unset: all' }),
  UNINSTALL_PURGE_AFTER: duration(3_600_000, '1h').prefault('7d').meta({
    description: 'Purge of a removed or refused installation whose token Clockify accepted for so long not once',
  }),
  TOKEN_ENCRYPTION_KEYS: encryptionKeys().meta({
    description: 'Keys for stored tokens, `id:base64 of 32 bytes`, comma separated: the first seals, all open',
  }),
  OPERATOR_JWKS_URL: httpsUrlOrLocal()
    .optional()
    .meta({ description: "Keys of the operators' OpenID provider; unset: every operator call is refused" }),
  OPERATOR_ISSUER: z.string().optional().meta({ description: "`iss` of the operators' tokens" }),
  OPERATOR_AUDIENCE: list()
    .optional()
    .meta({ description: "`aud` or `azp` of the operators' tokens, one of a comma-separated list" }),
  TEMPORAL_ADDRESS: hostAndPort().prefault('localhost:7233').meta({ description: 'Frontend of the Temporal server' }),
  TEMPORAL_NAMESPACE: z.string().prefault('default').meta({ description: 'Temporal namespace' }),
  SPOOL_DIRECTORY: z
    .string()
    .prefault('.data/spool')
    .meta({ description: 'Where lifecycle events wait, sealed, while PostgreSQL is away' }),
  WORKER_METRICS_PORT: integer(1, 65_535)
    .optional()
    .meta({ description: 'Port for the metrics of the worker; unset: no listener' }),
  WORKER_METRICS_HOST: z
    .string()
    .prefault('127.0.0.1')
    .meta({ description: 'Address the metrics of the worker are served on, to anybody who reaches it' }),
});

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Rest}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Rest>>}`
  : Lowercase<Name>;
type ConfigName<Name extends string> = Name extends `CLOCKIFY_${infer Rest}` ? CamelCase<Rest> : CamelCase<Name>;
type Settings = z.infer<typeof settings>;

/** The settings under their names in code: `BASE_URL` is `baseUrl`, and `CLOCKIFY_` falls away. */
export type Config = { readonly [Name in keyof Settings as ConfigName<Name & string>]: Settings[Name] };

const configName = (name: string): string =>
  name
    .replace(/^CLOCKIFY_/, '')
    .toLowerCase()
    .replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Reads every setting from the environment, an empty variable as an unset one. Throws one error that names all faults and no value. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = settings.safeParse(given);
  const faults = [
    ...unknownNames(given),
    ...misplacedSimulator(given),
    ...halfConfiguredOperators(given),
    ...(result.error?.issues ?? []).map(
      ({ path, message }) => `${path.join('.')}: ${messageFor(given, path, message)}`,
    ),
  ];
  if (faults.length > 0 || !result.success) throw new Error(`Configuration is invalid:\n${faults.join('\n')}`);
  return Object.freeze(
    Object.fromEntries(Object.entries(result.data).map(([name, value]) => [configName(name), value])),
  ) as Config;
}

const messageFor = (given: Record<string, unknown>, path: readonly PropertyKey[], message: string): string =>
  given[String(path[0])] === undefined ? 'is required' : message;

/** A mistyped name would leave a protection at its default without anybody noticing. */
const unknownNames = (given: Record<string, unknown>): string[] =>
  Object.keys(given)
    .filter((name) => name.startsWith('CLOCKIFY_') && !Object.hasOwn(settings.shape, name))
    .map((name) => `${name}: is not a setting`);

/** A public deployment must not be able to send tokens to a plain http address. */
function misplacedSimulator(given: Record<string, string | undefined>): string[] {
  const domains = settings.shape.CLOCKIFY_ALLOWED_API_DOMAINS.safeParse(given['CLOCKIFY_ALLOWED_API_DOMAINS']);
  const baseUrl = settings.shape.BASE_URL.safeParse(given['BASE_URL']);
  if (!domains.success || !baseUrl.success || !domains.data.some(isLocalOrigin)) return [];
  if (isLocalHost(new URL(baseUrl.data).hostname)) return [];
  return ['CLOCKIFY_ALLOWED_API_DOMAINS: a local simulator needs a local BASE_URL'];
}

const operatorNames = ['OPERATOR_JWKS_URL', 'OPERATOR_ISSUER', 'OPERATOR_AUDIENCE'];

/** A key set without issuer and audience would let in whoever the provider knows. */
function halfConfiguredOperators(given: Record<string, string | undefined>): string[] {
  const missing = operatorNames.filter((name) => given[name] === undefined);
  if (missing.length === operatorNames.length) return [];
  return missing.map((name) => `${name}: is required with the other OPERATOR_ settings`);
}

/** What the README's table of settings says, taken from the schema. */
export interface SettingDescription {
  readonly name: string;
  /** `required`, `unset`, or the value in use when the variable is absent. */
  readonly default: string;
  readonly meaning: string;
}

function describeSettings(): SettingDescription[] {
  const { properties = {}, required = [] } = z.toJSONSchema(settings, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { default: fallback = 'unset', shown = fallback, description = '' } = property as Record<string, string>;
    return { name, default: required.includes(name) ? 'required' : shown, meaning: description };
  });
}

export const settingsTable: readonly SettingDescription[] = describeSettings();
