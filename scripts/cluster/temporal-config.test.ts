import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildServerConfig, buildUiConfig, writeConfig } from './temporal-config.ts';

const ports = {
  history: 1,
  matching: 2,
  worker: 3,
  frontendMembership: 4,
  historyMembership: 5,
  matchingMembership: 6,
  workerMembership: 7,
};
const config = buildServerConfig({
  databaseUrl: new URL('postgresql://temporal:secret@127.0.0.1:54329/temporal'),
  frontendPort: 7233,
  ports,
  dynamicConfigFile: '/deploy/dynamic-config.yaml',
});

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'temporal-config-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('histories and their visibility are in a database each, reached by the same role', () => {
  const { datastores } = (config as { persistence: { datastores: Record<string, { sql: object }> } }).persistence;
  const connection = { pluginName: 'postgres12', connectAddr: '127.0.0.1:54329', user: 'temporal', password: 'secret' };
  expect(datastores['default']?.sql).toMatchObject({ ...connection, databaseName: 'temporal' });
  expect(datastores['visibility']?.sql).toMatchObject({ ...connection, databaseName: 'temporal_visibility' });
});

test('every service listens on loopback, on ports of its own', () => {
  const { services } = config as { services: Record<string, { rpc: Record<string, unknown> }> };
  const listeners = Object.values(services).map(({ rpc }) => rpc);
  expect(listeners.map(({ bindOnLocalHost }) => bindOnLocalHost)).toEqual([true, true, true, true]);
  const used = listeners.flatMap(({ grpcPort, membershipPort }) => [grpcPort, membershipPort]);
  expect(used).toHaveLength(8);
  expect(new Set(used)).toEqual(new Set([7233, ...Object.values(ports)]));
});

test('the Web UI listens on loopback and lets an operator act', () => {
  const ui = buildUiConfig({ temporalAddress: '127.0.0.1:7233', port: 8233 });
  expect(ui).toMatchObject({ host: '127.0.0.1', port: 8233, temporalGrpcAddress: '127.0.0.1:7233', enableUi: true });
  expect(ui).not.toHaveProperty('disableWriteActions');
});

test('a configuration is written for its owner alone, where the arguments lead', async () => {
  const directory = join(root, 'server');
  const args = await writeConfig(directory, config);
  const file = join(args[1] as string, args[3] as string, `${args[5]}.yaml`);
  expect(args).toEqual(['--root', directory, '--config', '.', '--env', 'demo', 'start']);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(config);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
