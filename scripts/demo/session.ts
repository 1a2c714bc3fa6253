import type { DemoFlags } from './flags.ts';
import { createProgressPrinter } from './progress.ts';
import { presentAddresses, reportResult } from './report.ts';
import { startStack } from './stack.ts';
import type { RunningStack } from './stack.ts';
import { openState, saveState } from './state.ts';
import type { DemoPaths, DemoState, InstalledWorkspace } from './state.ts';
import type { Supervisor } from './supervisor.ts';
import { watchBootstrap } from './watch.ts';

export interface SessionOptions {
  readonly root: string;
  readonly paths: DemoPaths;
  readonly flags: DemoFlags;
  readonly supervisor: Supervisor;
  /** Aborted when the demo is to end. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

async function ensureInstalled(
  { paths, log }: SessionOptions,
  state: DemoState,
  stack: RunningStack,
): Promise<InstalledWorkspace> {
  if (state.installation !== undefined) {
    log(`Workspace ${state.installation.workspaceId} has the add-on already: going on where it was`);
    return state.installation;
  }
  const installation = await stack.simulator.install(`${stack.addresses.api}/manifest`);
  await saveState(paths, { ...state, installation });
  if (state.profile === 'XS') {
    await stack.simulator.liftHourlyLimit(installation.workspaceId);
    log('The 30 requests an hour of the FREE plan are lifted, only here');
  }
  log(`Installed the add-on on workspace ${installation.workspaceId}`);
  return installation;
}

/** From nothing, or from what a killed run left, to the table; true when the mirror equals the workspace. */
export async function runSession(options: SessionOptions): Promise<boolean> {
  const { root, paths, flags, supervisor, signal, log } = options;
  const state = await openState(paths, flags, log);
  const workers = flags.workers ?? (state.clusterPorts === undefined ? 1 : 2);
  const stack = await startStack({ root, paths, state, workers, supervisor, log });
  const sessionStartedAt = Date.now();
  const installation = await ensureInstalled(options, state, stack);
  const openSidebar = () => stack.simulator.openSidebar(installation);
  const status = await watchBootstrap({
    statusUrl: `${stack.addresses.api}/bootstrap/${installation.workspaceId}/status`,
    openToken: async () => (await openSidebar()).token,
    signal,
    createPrinter: (entities) => createProgressPrinter(process.stdout, entities),
  });
  const { complete, lines } = await reportResult(stack, installation, status, sessionStartedAt);
  for (const line of [...lines, ...presentAddresses(stack, (await openSidebar()).sidebarUrl)]) log(line);
  return complete;
}
