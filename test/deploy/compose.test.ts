import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { describe, expect, test } from '@jest/globals';
import { loadConfig, settingsTable } from '../../src/platform/config.ts';
import { composeFile, interpolate, loadCompose, readEnvFile, root, variablesOf } from './compose-file.ts';
import type { Service } from './compose-file.ts';

const { services, networks, volumes } = loadCompose();
const named = Object.entries(services);
const jobs = ['temporal-schema', 'temporal-namespace', 'migrate'];
const ours = ['api', 'worker', 'migrate', 'simulator'];

const service = (name: string): Service => {
  const found = services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
};

interface LintedFile {
  readonly messages: readonly { readonly rule: string; readonly line: number; readonly message: string }[];
}

test('the file holds to the Compose Specification and its linter', () => {
  const off = ['services-alphabetical-order', 'service-dependencies-alphabetical-order', 'service-keys-order'];
  // We both name the image we build and say how: a worker must not build it a second time.
  const rules = Object.fromEntries(
    [...off, 'no-build-and-image', 'top-level-properties-order'].map((rule) => [rule, 0]),
  );
  const config = { rules: rules as never, quiet: true, debug: false, exclude: [] };
  // The types of the package do not resolve under Node's rules.
  const linter = new DCLinter(config) as { lintFiles(paths: string[], recursive: boolean): LintedFile[] };
  const messages = linter.lintFiles([composeFile], false).flatMap((file) => file.messages);
  expect(messages.map(({ rule, line, message }) => `${line}: ${rule}: ${message}`)).toEqual([]);
});

function hasCompose(): boolean {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

(hasCompose() ? test : test.skip)('Docker Compose itself accepts the file', () => {
  const env = { ...process.env, ...filledEnv() };
  execFileSync('docker', ['compose', '-f', composeFile, 'config', '--quiet'], { env, stdio: 'pipe' });
});

/** The env file as an operator fills it in. */
function filledEnv(): Record<string, string> {
  const given = Object.entries(readEnvFile('.env.example')).map(([name, value]) => [
    name,
    value === '' && name.endsWith('PASSWORD') ? `of${name.toLowerCase().replaceAll('_', '')}` : value,
  ]);
  const key = `k1:${Buffer.alloc(32).toString('base64')}`;
  return { ...(Object.fromEntries(given) as Record<string, string>), TOKEN_ENCRYPTION_KEYS: key };
}

const environmentOf = (name: string, env = filledEnv()): Record<string, string> =>
  Object.fromEntries(
    Object.entries(service(name).environment ?? {}).map(([key, value]) => [key, interpolate(String(value), env)]),
  );

describe.each(named)('%s', (name, definition) => {
  test('cannot write to its root, has no capabilities and gains none', () => {
    expect(definition).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    for (const key of ['privileged', 'cap_add', 'network_mode', 'pid', 'ipc', 'devices', 'userns_mode']) {
      expect(definition).not.toHaveProperty(key);
    }
    expect(JSON.stringify(definition.volumes ?? [])).not.toContain('docker.sock');
  });

  test('is reached from this machine alone, unless it is the API', () => {
    for (const port of definition.ports ?? [])
      expect(port).toMatch(name === 'api' ? /^0\.0\.0\.0:8000:8000$/ : /^127\.0\.0\.1:/);
  });

  test('runs an image of ours, or one that is pinned', () => {
    if (ours.includes(name)) expect(definition.build?.target).toBe(name === 'simulator' ? 'simulator' : 'runtime');
    // The one image whose digest is not known.
    else if (name === 'temporal-ui') expect(definition.image).toMatch(/^temporalio\/ui:\d+\.\d+\.\d+$/);
    else expect(definition.image).toMatch(/^[\w/-]+:v?\d+\.\d+(\.\d+)?[\w.-]*@sha256:[0-9a-f]{64}$/);
  });

  test('is started again unless it has done its work', () => {
    expect(definition.restart).toBe(jobs.includes(name) ? 'on-failure:5' : 'unless-stopped');
  });

  test('keeps what it writes in a named volume, and reads files that are there', () => {
    for (const volume of definition.volumes ?? []) {
      const [source = '', , mode] = volume.split(':');
      if (!source.startsWith('.')) expect(Object.keys(volumes)).toContain(source);
      else expect([existsSync(join(root, source)), mode]).toEqual([true, 'ro']);
    }
  });

  test('waits for what can be waited for', () => {
    for (const [needed, { condition }] of Object.entries(definition.depends_on ?? {})) {
      const isJob = jobs.includes(needed);
      expect(condition).toBe(isJob ? 'service_completed_successfully' : 'service_healthy');
      if (!isJob) expect(service(needed).healthcheck?.test?.[0]).toBe('CMD');
    }
  });

  test('says whether it is well, if it stays', () => {
    const fromImage = ['api', 'simulator'].includes(name);
    if (!jobs.includes(name) && !fromImage) expect(definition.healthcheck?.test?.length).toBeGreaterThan(1);
  });
});

/** Everything that must have happened before a service starts. */
function needsOf(name: string): string[] {
  const direct = Object.keys(service(name).depends_on ?? {});
  return [...new Set(direct.flatMap((needed) => [needed, ...needsOf(needed)]))].sort();
}

test.each(['api', 'worker'])('%s starts on a migrated database and a Temporal with namespace and schema', (name) => {
  expect(needsOf(name)).toEqual(['migrate', 'postgres', 'temporal', 'temporal-namespace', 'temporal-schema']);
});

test.each([
  ['api', {}],
  ['worker', {}],
  [
    'api',
    { BASE_URL: 'http://api:8000', CLOCKIFY_ALLOWED_API_DOMAINS: environmentOf('simulator')['SIMULATOR_ORIGIN'] ?? '' },
  ],
])('%s accepts its settings, with %j in the env file', (name, changed) => {
  const environment = environmentOf(name, { ...filledEnv(), ...changed });
  expect(settingsTable.map((setting) => setting.name)).toEqual(expect.arrayContaining(Object.keys(environment)));
  expect(() => loadConfig(environment)).not.toThrow();
});

test('every setting can be given in the env file, but for those that the compose file or the image fixes', () => {
  const fixed = ['HOST', 'PORT', 'TEMPORAL_NAMESPACE', 'SPOOL_DIRECTORY'];
  const settings = settingsTable.map((setting) => setting.name).filter((name) => !fixed.includes(name));
  expect(new Set(Object.keys(environmentOf('worker')))).toEqual(new Set(settings));
});

test('an env file that is not filled in is refused before anything starts', () => {
  const missing = ['BASE_URL', 'ADDON_KEY', 'APP_DB_PASSWORD', 'TOKEN_ENCRYPTION_KEYS'];
  for (const name of missing) {
    expect(() => environmentOf('api', { ...filledEnv(), [name]: '' })).toThrow(`${name} must be given`);
  }
});

test('the env file names every variable, and the example holds no secret', () => {
  const example = readEnvFile('.env.example');
  const used = new Set(variablesOf(readFileSync(composeFile, 'utf8')));
  expect([...used].sort()).toEqual(Object.keys(example).sort());
  for (const [name, value] of Object.entries(example)) {
    if (/PASSWORD|_KEYS$/.test(name)) expect([name, value]).toEqual([name, '']);
  }
});

test('each secret reaches only whoever needs it', () => {
  const holders = (secret: string): string[] =>
    named.filter(([, { environment }]) => JSON.stringify(environment ?? {}).includes(secret)).map(([name]) => name);
  expect({
    superuser: holders('POSTGRES_PASSWORD'),
    owner: holders('OWNER_DB_PASSWORD'),
    app: holders('APP_DB_PASSWORD'),
    temporal: holders('TEMPORAL_DB_PASSWORD'),
    tokens: holders('TOKEN_ENCRYPTION_KEYS'),
  }).toEqual({
    superuser: ['postgres'],
    owner: ['postgres', 'migrate'],
    app: ['postgres', 'api', 'worker'],
    temporal: ['postgres', 'temporal-schema', 'temporal'],
    tokens: ['api', 'worker'],
  });
});

test('the owner migrates, and the add-on runs as another role', () => {
  const userOf = (name: string): string => new URL(environmentOf(name)['DATABASE_URL'] ?? '').username;
  expect([userOf('migrate'), userOf('api'), userOf('worker')]).toEqual([
    'clockify_owner',
    'clockify_addon',
    'clockify_addon',
  ]);
});

const seconds = (period = ''): number => Number(/^(\d+)s$/.exec(period)?.[1]);

test('there can be any number of workers, each with time to hand its page loops back', () => {
  const worker = service('worker');
  expect(worker).not.toHaveProperty('container_name');
  expect(worker).not.toHaveProperty('ports');
  const forced = /shutdownForceTime: '(\d+) seconds'/.exec(
    readFileSync(join(root, 'src/worker/run-worker.ts'), 'utf8'),
  );
  expect(seconds(worker.stop_grace_period)).toBeGreaterThan(Number(forced?.[1]));
});

test('the API may finish its requests, which last 15 seconds at most to come in', () => {
  expect(seconds(service('api').stop_grace_period)).toBeGreaterThan(15);
});

test('only what people or Clockify call has a way out of the inner network', () => {
  expect(networks['backend']).toEqual({ internal: true });
  const outside = named.filter(([, definition]) => definition.networks.includes('edge')).map(([name]) => name);
  expect(outside).toEqual(['temporal-ui', 'api', 'worker', 'prometheus', 'grafana', 'simulator']);
});

test('a database of Temporal is made for growth, once and for all', () => {
  expect(service('temporal').environment?.['NUM_HISTORY_SHARDS']).toBe('512');
  const [server, schema, namespace] = ['temporal', 'temporal-schema', 'temporal-namespace']
    .map((name) => service(name).image)
    .map((image) => image.split(/[:@]/)[1]);
  expect([schema, namespace]).toEqual([server, server]);
});

test('the simulator is there only for who asks for it', () => {
  expect(named.filter(([, { profiles }]) => profiles !== undefined).map(([name]) => name)).toEqual(['simulator']);
});
