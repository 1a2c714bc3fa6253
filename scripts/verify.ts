import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from './demo/stack.ts';
import type { RunningStack } from './demo/stack.ts';
import { demoPaths, openState } from './demo/state.ts';
import { createSupervisor } from './demo/supervisor.ts';
import { removePostgresHome } from './stack/postgres-home.ts';
import { countEvents, listOperations, probe, refusesWrongSubject, runChecks } from './verify/checks.ts';
import type { Check } from './verify/checks.ts';

const root = join(import.meta.dirname, '..');
const log = (line: string): void => console.log(line);
const readJson = async <T>(name: string): Promise<T> => JSON.parse(await readFile(join(root, name), 'utf8')) as T;
const startLimitMs = 60_000;

function buildChecks({ addresses, simulator }: RunningStack): Check[] {
  const probes = { '/health': '"ok"', '/ready': '"ready"', '/metrics': 'clockify_api_calls_total' };
  return [
    { title: 'the manifest declares every event', run: async () => countEvents(await readJson('manifest.json')) },
    ...Object.entries(probes).map(([path, contains]) => ({
      title: `GET ${path}`,
      run: () => probe({ url: addresses.api + path, contains, patienceMs: startLimitMs }),
    })),
    {
      title: 'the operations of tag Project',
      run: async () => listOperations(await readJson('openapi.json'), 'Project'),
    },
    {
      title: 'a token with a wrong sub is refused',
      run: async () => {
        const workspace = await simulator.install(`${addresses.api}/manifest`);
        return refusesWrongSubject({
          url: `${addresses.api}/bootstrap/${workspace.workspaceId}/status`,
          valid: (await simulator.openSidebar(workspace)).token,
          wrongSubject: await simulator.mintUserToken(workspace, { sub: 'another-addon' }),
        });
      },
    },
  ];
}

const paths = demoPaths(await mkdtemp(join(tmpdir(), 'clockify-api-studio-verify-')));
const supervisor = createSupervisor(log);
try {
  const state = await openState(paths, { profile: 'XS', cluster: false }, log);
  const stack = await startStack({ root, paths, state, workers: 1, supervisor, log });
  const passed = await Promise.race([runChecks(buildChecks(stack), log), supervisor.failed]);
  process.exitCode = passed ? 0 : 1;
} finally {
  await supervisor.stopAll();
  await removePostgresHome(paths.postgres);
  await rm(paths.root, { recursive: true, force: true });
}
