import type { DemoFlags } from './flags.ts';
import { createProgressPrinter } from './progress.ts';
import { presentAddresses, reportResult } from './report.ts';
import type { InstalledWorkspace } from './simulator-client.ts';
import { startStack } from './stack.ts';
import type { RunningStack } from './stack.ts';
import { openState } from './state.ts';
import type { DemoPaths } from './state.ts';
import type { Supervisor } from './supervisor.ts';
import { watchBootstrap } from './watch.ts';

export interface SessionOptions {
  readonly root: string;
  readonly paths: DemoPaths;
  readonly flags: DemoFlags;
  readonly supervisor: Supervisor;
  readonly log: (line: string) => void;
}

async function ensureInstalled(stack: RunningStack, log: (line: string) => void): Promise<InstalledWorkspace> {
  const found = await stack.simulator.findInstallation();
  if (found !== undefined) {
    log(`Workspace ${found.workspaceId} has the add-on already: going on where it was`);
    return found;
  }
  const installed = await stack.simulator.install(`${stack.addresses.api}/manifest`);
  log(`Installed the add-on on workspace ${installed.workspaceId}`);
  return installed;
}

/** From nothing, or from what a killed run left, to the table; true when the mirror equals the workspace. */
export async function runSession({ root, paths, flags, supervisor, log }: SessionOptions): Promise<boolean> {
  const state = await openState(paths, flags.profile, log);
  const stack = await startStack({ root, paths, state, workers: flags.workers, supervisor, log });
  const sessionStartedAt = Date.now();
  const installation = await ensureInstalled(stack, log);
  const openSidebar = () => stack.simulator.openSidebar(installation);
  const status = await watchBootstrap({
    statusUrl: `${stack.addresses.api}/bootstrap/${installation.workspaceId}/status`,
    openToken: async () => (await openSidebar()).token,
    createPrinter: (entities) => createProgressPrinter(process.stdout, entities),
  });
  const { complete, lines } = await reportResult(stack, installation, status, sessionStartedAt);
  for (const line of [...lines, ...presentAddresses(stack, (await openSidebar()).sidebarUrl)]) log(line);
  return complete;
}
