import { setTimeout as sleep } from 'node:timers/promises';
import type { RunStatus } from '../../src/domain/bootstrap-status.ts';
import type { InstallationRef } from '../../src/domain/contract.ts';
import type { Secret } from '../../src/platform/secret.ts';
import { createProgressPrinter } from '../demo/progress.ts';
import type { StackPaths } from '../demo/state.ts';
import type { WorkTools } from '../demo/foreground.ts';
import { watchBootstrap } from '../demo/watch.ts';
import { readAccount } from './account.ts';
import { chooseWorkspace } from './choose-workspace.ts';
import type { MirrorFlags } from './flags.ts';
import { createLocalApi } from './local-api.ts';
import type { LocalApi } from './local-api.ts';
import { hostsOfOrigin, hostsOfRegion } from './regions.ts';
import { isProven, renderEstimate, renderProof } from './report.ts';
import { startMirrorStack } from './stack.ts';
import type { MirrorStack } from './stack.ts';
import { openMirrorState } from './state.ts';
import { storeKey } from './storage.ts';
import { confirmStart, openTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export interface CopyOptions extends WorkTools {
  readonly root: string;
  readonly paths: StackPaths;
  readonly flags: MirrorFlags;
  readonly key: Secret;
  readonly log: (line: string) => void;
}

const underWay: readonly RunStatus[] = ['PENDING', 'RUNNING', 'PAUSED'];

/** From the key to the table of proofs; true when every kind of rows that can be read is complete. */
export async function copyWorkspace(options: CopyOptions): Promise<boolean> {
  const { flags, paths, key, signal, log } = options;
  const hosts = flags.apiUrl === undefined ? hostsOfRegion(flags.region) : hostsOfOrigin(flags.apiUrl);
  const terminal = openTerminal(signal);
  const { userId, workspaces } = await readAccount(hosts, key);
  const { id: workspaceId } = await chooseWorkspace(workspaces, flags.workspace, terminal);
  const state = await openMirrorState(paths, log);
  const { allowedDomains } = hosts;
  const stack = await startMirrorStack({ ...options, state, allowedDomains });
  const { databaseUrl } = stack;
  const { encryptionKeys } = state;
  const ref = await storeKey({ databaseUrl, encryptionKeys, hosts, workspaceId, userId, key });
  const openToken = (): Promise<string> => stack.tokens.mint(ref, userId, 1);
  const api = createLocalApi(stack.apiUrl, workspaceId, openToken);
  for (const line of await presentAddresses(stack, ref, userId)) log(line);
  if (!(await ensureRunning(api, options, terminal))) return false;
  const status = await watchBootstrap({
    statusUrl: api.statusUrl,
    openToken,
    signal,
    createPrinter: (entities) => createProgressPrinter(process.stdout, entities),
  });
  for (const line of ['', ...renderProof(status)]) log(line);
  return isProven(status);
}

/** The page's token serves for a day, on this machine, until the command ends. */
const presentAddresses = async (stack: MirrorStack, ref: InstallationRef, userId: string): Promise<string[]> => [
  '',
  `Status page      ${stack.apiUrl}/ui?auth_token=${await stack.tokens.mint(ref, userId, 24)}`,
  `Temporal Web UI  ${stack.temporalUiUrl ?? 'with the server at TEMPORAL_ADDRESS'}`,
  '',
];

/** A run that is under way goes on; another is started once its cost was agreed to. False: it was not. */
async function ensureRunning(api: LocalApi, { flags, log, signal }: CopyOptions, terminal: Terminal): Promise<boolean> {
  const before = await api.status();
  if (underWay.includes(before.status)) {
    log(`A copy is ${before.status} already: going on where it was`);
    if (before.status === 'PAUSED') log('Resume it on the status page');
    return true;
  }
  const wanted = flags.timeEntryDays === undefined ? {} : { timeEntryDays: flags.timeEntryDays };
  for (const line of renderEstimate(await api.estimate(wanted))) log(line);
  if (!flags.yes && !(await confirmStart(terminal))) return false;
  await api.start(wanted);
  // Until the new run is opened, the status is that of the one before.
  while ((await api.status()).runId === before.runId) await sleep(250, undefined, { signal });
  return true;
}
