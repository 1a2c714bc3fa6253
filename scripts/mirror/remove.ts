import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import { Client, Connection } from '@temporalio/client';
import { listInstallations } from '../../src/db/installation-list.ts';
import { createOrm } from '../../src/db/orm.ts';
import { endPersonalInstallations } from '../../src/db/personal-installations.ts';
import type { WorkTools } from '../demo/foreground.ts';
import type { StackPaths } from '../demo/state.ts';
import { startMirrorStack } from './stack.ts';
import { findMirrorState, removeMirrorState } from './state.ts';

export interface RemoveOptions extends WorkTools {
  readonly root: string;
  readonly paths: StackPaths;
  /** Undefined: the only one there is. */
  readonly workspace: string | undefined;
  readonly log: (line: string) => void;
}

/** Destroys the copy of a workspace: key, rows and runs; with the last copy everything that was kept for them. */
export async function removeCopy(options: RemoveOptions): Promise<boolean> {
  const { paths, supervisor, signal, log } = options;
  const state = await findMirrorState(paths, log);
  if (state === undefined) throw new Error(`There is no copy in ${paths.root}.`);
  // Nothing is asked of Clockify: the person has said that the copy goes.
  const stack = await startMirrorStack({ ...options, state, allowedDomains: ['api.clockify.me'] });
  const orm = createOrm(stack.databaseUrl);
  const connection = await Connection.connect({ address: stack.temporalAddress });
  try {
    const stored = await listStored(orm);
    const workspaceId = chooseStored(stored, options.workspace);
    log(`Removing the copy of workspace ${workspaceId}`);
    await endPersonalInstallations(orm, workspaceId, randomUUID());
    const { workflow } = new Client({ connection });
    const isThere = async (): Promise<boolean> =>
      (await listStored(orm)).includes(workspaceId) ||
      (await workflow.count(`WorkspaceId = '${workspaceId}'`)).count > 0;
    while (await isThere()) await sleep(250, undefined, { signal });
    if (stored.length > 1) return true;
  } finally {
    await connection.close();
    await orm.close();
  }
  await supervisor.stopAll();
  await removeMirrorState(paths);
  log('Nothing of it is left');
  return true;
}

const listStored = async (orm: MikroORM): Promise<string[]> =>
  (await listInstallations(orm, { after: null, limit: 200 })).map(({ workspaceId }) => workspaceId);

function chooseStored(stored: readonly string[], wanted: string | undefined): string {
  const [only] = stored;
  if (only === undefined) throw new Error('There is no copy of any workspace.');
  if (wanted === undefined && stored.length === 1) return only;
  if (wanted !== undefined && stored.includes(wanted)) return wanted;
  throw new Error(`Choose one by --workspace ID:\n${stored.join('\n')}`);
}
