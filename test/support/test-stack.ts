import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureUi } from '../../scripts/demo/build-ui.ts';
import { ensureDatabase } from '../../scripts/stack/ensure-database.ts';
import { startPostgres } from '../../scripts/stack/postgres.ts';
import { findTemporalBinary } from '../../scripts/stack/temporal-binary.ts';
import { startTemporal } from '../../scripts/stack/temporal-server.ts';

/** The parts that all test files of a run share, by name. */
export interface SharedParts {
  /** `template` is migrated; the add-on's role owns it. */
  readonly postgres: { readonly adminUrl: string; readonly appUrl: string; readonly template: string };
  readonly temporal: { readonly address: string };
  readonly workflowBundle: { readonly codePath: string };
  /** The built page, where the API serves it from. */
  readonly sidebar: { readonly directory: string };
}

export interface TestStack {
  readonly url: string;
  stop(): Promise<void>;
}

type Stoppable = { stop(): Promise<void> };
type Starters = { readonly [K in keyof SharedParts]: () => Promise<SharedParts[K]> };

const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function startMigratedPostgres(directory: string, started: Stoppable[]): Promise<SharedParts['postgres']> {
  const server = await startPostgres({ dataDir: `${directory}-postgres`, durable: false, log: () => {} });
  started.push({ stop: () => server.stop('immediate') });
  const template = 'template_app';
  await ensureDatabase(server, template);
  const { migrate } = await import('../../src/db/migrate.ts');
  await migrate(server.url(template, 'clockify_addon'));
  return { adminUrl: server.url('postgres'), appUrl: server.url('postgres', 'clockify_addon'), template };
}

async function startTemporalServer(started: Stoppable[]): Promise<SharedParts['temporal']> {
  const external = process.env['TEMPORAL_ADDRESS'];
  if (external !== undefined) return { address: external };
  const server = await startTemporal({ binary: await findTemporalBinary({ log }), log: () => {} });
  started.push({ stop: () => server.kill() });
  return { address: server.address };
}

async function bundleWorkflows(directory: string): Promise<SharedParts['workflowBundle']> {
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const workflowsPath = join(import.meta.dirname, '../../src/workflows/index.ts');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  const codePath = join(directory, 'workflows.js');
  await mkdir(directory);
  await writeFile(codePath, code);
  return { codePath };
}

async function buildSidebar(): Promise<SharedParts['sidebar']> {
  const root = join(import.meta.dirname, '../..');
  await ensureUi(root, log);
  return { directory: join(root, 'dist/ui') };
}

/**
 * Serves `GET /<part>` on 127.0.0.1: the part starts on the first request, and every later one gets the same answer.
 * So a run of unit tests pays for nothing, and the test processes need no lock between them.
 */
export async function createTestStack(): Promise<TestStack> {
  const directory = join(tmpdir(), `clockify-api-studio-test-${randomUUID()}`);
  const started: Stoppable[] = [];
  const starters: Starters = {
    postgres: () => startMigratedPostgres(directory, started),
    temporal: () => startTemporalServer(started),
    sidebar: buildSidebar,
    workflowBundle: () => bundleWorkflows(directory),
  };
  const start = async (name: string): Promise<unknown> => {
    if (!Object.hasOwn(starters, name)) throw new Error(`no such part: ${name}`);
    return starters[name as keyof SharedParts]();
  };
  const parts = new Map<string, Promise<unknown>>();
  const server = createServer((request, response) => {
    // Who asks again much later must not meet a connection that is just being closed.
    response.setHeader('connection', 'close');
    const name = (request.url ?? '').slice(1);
    const part = parts.get(name) ?? start(name);
    parts.set(name, part);
    part.then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.stack : String(error)),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await Promise.all(started.map((part) => part.stop()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
