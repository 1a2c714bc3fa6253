import { describe, expect, it, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { loadConfig, settingsTable } from './config.ts';

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const pemOf = (modulusLength: number): string =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'pem' }).toString().trim();
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });

const required = {
  BASE_URL: 'https://studio.example.com',
  ADDON_KEY: 'api-studio',
  DATABASE_URL: 'postgresql://app:hunter2@db:5432/studio',
  TOKEN_ENCRYPTION_KEYS: `k1:${key(1)}`,
};
const local = { ...required, BASE_URL: 'http://localhost:8000' };

const faultsOf = (env: NodeJS.ProcessEnv): string => {
  try {
    loadConfig(env);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the configuration was accepted');
};

test('the required settings alone give a complete, frozen configuration', () => {
  const config = loadConfig(required);
  expect(config).toMatchObject({
    baseUrl: 'https://studio.example.com',
    addonKey: 'api-studio',
    host: '0.0.0.0',
    port: 8000,
    logLevel: 'info',
    allowedApiDomains: ['*.clockify.me', '*.clockify.com'],
    webhookLimit: 20,
    readOnly: false,
    rateLimitRps: 48,
    bootstrapMaxPages: 1000,
    bootstrapPageSize: 200,
    bootstrapConcurrency: 8,
    autoBootstrapOnInstall: true,
    temporalAddress: 'localhost:7233',
    temporalNamespace: 'default',
    spoolDirectory: '.data/spool',
    uninstallPurgeAfter: 7 * 24 * 3_600_000,
  });
  expect(config.publicKeys).toHaveLength(1);
  expect(config).not.toHaveProperty('jwksUrl');
  expect(config).not.toHaveProperty('rateLimitHourly');
  expect(Object.isFrozen(config)).toBe(true);
});

test.each([
  ['60m', 3_600_000],
  ['3600s', 3_600_000],
  ['2h', 7_200_000],
  ['30d', 2_592_000_000],
])('a time of %s is %i milliseconds', (text, milliseconds) => {
  expect(loadConfig({ ...required, UNINSTALL_PURGE_AFTER: text }).uninstallPurgeAfter).toBe(milliseconds);
});

test('an empty variable counts as unset', () => {
  expect(loadConfig({ ...required, RATE_LIMIT_HOURLY: '', PORT: '' })).toMatchObject({ port: 8000 });
});

test('all faults are named at once, one line each', () => {
  const lines = faultsOf({ PORT: 'http', WEBHOOK_LIMIT: '52', CLOCKIFY_PUBLIC_KEY: 'x' }).split('\n');
  expect(lines.map((line) => line.split(':')[0])).toEqual([
    'Configuration is invalid',
    'CLOCKIFY_PUBLIC_KEY',
    'BASE_URL',
    'ADDON_KEY',
    'DATABASE_URL',
    'PORT',
    'WEBHOOK_LIMIT',
    'TOKEN_ENCRYPTION_KEYS',
  ]);
});

test('a refused value is not printed', () => {
  const secret = 'c3VwZXItc2VjcmV0LXZhbHVl';
  const message = faultsOf({
    ...required,
    DATABASE_URL: secret,
    TOKEN_ENCRYPTION_KEYS: `k1:${secret}`,
    BASE_URL: secret,
  });
  expect(message).not.toContain(secret);
});

describe('refuses', () => {
  it.each([
    ['BASE_URL', 'http://studio.example.com'],
    ['BASE_URL', 'http://10.0.0.1'],
    ['BASE_URL', 'ftp://localhost'],
    ['BASE_URL', 'https://user:pass@studio.example.com'],
    ['BASE_URL', 'https://studio.example.com/?a=1'],
    ['BASE_URL', 'https://studio.example.com/addon'],
    ['BASE_URL', 'studio.example.com'],
    ['ADDON_KEY', 'x'],
    ['ADDON_KEY', 'x'.repeat(51)],
    ['DATABASE_URL', 'mysql://db/studio'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '0x50'],
    ['LOG_LEVEL', 'verbose'],
    ['CLOCKIFY_PUBLIC_KEYS', 'not a key'],
    ['CLOCKIFY_PUBLIC_KEYS', pemOf(1024)],
    ['CLOCKIFY_PUBLIC_KEYS', elliptic],
    ['CLOCKIFY_PUBLIC_KEYS', `${pemOf(2048)} and more`],
    ['CLOCKIFY_JWKS_URL', 'http://keys.example.com'],
    ['CLOCKIFY_ALLOWED_API_DOMAINS', '*'],
    ['CLOCKIFY_ALLOWED_API_DOMAINS', '*.com'],
    ['CLOCKIFY_ALLOWED_API_DOMAINS', 'api.*.me'],
    ['CLOCKIFY_ALLOWED_API_DOMAINS', 'https://api.clockify.me'],
    ['CLOCKIFY_ALLOWED_API_DOMAINS', '127.0.0.1'],
    ['CLOCKIFY_ALLOWED_API_DOMAINS', 'http://127.0.0.1:4010/path'],
    ['CLOCKIFY_ALLOWED_API_DOMAINS', 'http://simulator.example.com'],
    ['CLOCKIFY_ALLOWED_API_DOMAINS', ','],
    ['WEBHOOK_LIMIT', '52'],
    ['WEBHOOK_LIMIT', '-1'],
    ['READ_ONLY', 'perhaps'],
    ['RATE_LIMIT_RPS', '0'],
    ['RATE_LIMIT_RPS', '51'],
    ['RATE_LIMIT_RPS', '1.5'],
    ['RATE_LIMIT_HOURLY', '0'],
    ['BOOTSTRAP_MAX_PAGES', '0'],
    ['BOOTSTRAP_PAGE_SIZE', 'many'],
    ['BOOTSTRAP_CONCURRENCY', '0'],
    ['AUTO_BOOTSTRAP_ON_INSTALL', 'maybe'],
    ['TIME_ENTRY_DAYS', '0'],
    ['UNINSTALL_PURGE_AFTER', '7'],
    ['UNINSTALL_PURGE_AFTER', '59m'],
    ['UNINSTALL_PURGE_AFTER', '-7d'],
    ['UNINSTALL_PURGE_AFTER', '1.5d'],
    ['UNINSTALL_PURGE_AFTER', 'seven days'],
    ['TOKEN_ENCRYPTION_KEYS', key(1)],
    ['TOKEN_ENCRYPTION_KEYS', `k1:${Buffer.alloc(16).toString('base64')}`],
    ['TOKEN_ENCRYPTION_KEYS', `k1:${key(1)},k1:${key(2)}`],
    ['TOKEN_ENCRYPTION_KEYS', `k1:${key(1)},`],
    ['TEMPORAL_ADDRESS', 'temporal'],
    ['WORKER_METRICS_PORT', 'on'],
  ])('%s = %s', (name, value) => {
    expect(faultsOf({ ...required, [name]: String(value) }).split('\n')).toEqual([
      'Configuration is invalid:',
      expect.stringMatching(`^${name}: `),
    ]);
  });

  it('a simulator origin while BASE_URL is public', () => {
    const env = { CLOCKIFY_ALLOWED_API_DOMAINS: 'http://127.0.0.1:4010' };
    expect(faultsOf({ ...required, ...env })).toContain('needs a local BASE_URL');
    expect(loadConfig({ ...local, ...env }).allowedApiDomains).toEqual(['http://127.0.0.1:4010']);
  });

  it.each(
    [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({
      ...(bits & 1 && { REQUIRE_SIGNATURE_VERIFICATION: 'false' }),
      ...(bits & 2 && { DEBUG: 'true' }),
      ...(bits & 4 && { ENVIRONMENT: 'development' }),
    })),
  )('to know switches such as %j', (switches) => {
    expect(loadConfig({ ...required, ...switches })).toEqual(loadConfig(required));
  });
});

describe('accepts', () => {
  it.each(['http://localhost:8000', 'http://127.0.0.1:8000', 'http://[::1]:8000', 'http://api:8000'])(
    '%s as a local base URL',
    (baseUrl) => expect(loadConfig({ ...required, BASE_URL: baseUrl }).baseUrl).toBe(baseUrl),
  );

  it('a base URL with a closing slash, which it drops', () => {
    expect(loadConfig({ ...required, BASE_URL: 'https://studio.example.com/' }).baseUrl).toBe(
      'https://studio.example.com',
    );
  });

  it('two public keys in one variable, with line breaks or with \\n', () => {
    const pems = [pemOf(2048), pemOf(2048)];
    expect(loadConfig({ ...required, CLOCKIFY_PUBLIC_KEYS: pems.join('\n') }).publicKeys).toEqual(pems);
    expect(
      loadConfig({ ...required, CLOCKIFY_PUBLIC_KEYS: pems.join(',').replaceAll('\n', '\\n') }).publicKeys,
    ).toEqual(pems);
  });

  it('several encryption keys, in their order', () => {
    const { tokenEncryptionKeys } = loadConfig({ ...required, TOKEN_ENCRYPTION_KEYS: `new:${key(1)}, old:${key(2)}` });
    expect(tokenEncryptionKeys.map(({ id }) => id)).toEqual(['new', 'old']);
  });
});

test('the table of settings names each variable with its default and meaning', () => {
  const defaults = Object.fromEntries(settingsTable.map(({ name, default: fallback }) => [name, fallback]));
  expect(defaults).toMatchObject({
    BASE_URL: 'required',
    PORT: '8000',
    CLOCKIFY_PUBLIC_KEYS: 'the documented key',
    CLOCKIFY_JWKS_URL: 'unset',
    AUTO_BOOTSTRAP_ON_INSTALL: 'true',
  });
  expect(settingsTable.filter(({ meaning }) => meaning === '')).toEqual([]);
});
