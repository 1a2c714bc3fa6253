import { formatTable } from '../demo/text-table.ts';
import type { AccountWorkspace } from './account.ts';
import type { Terminal } from './terminal.ts';

/** The workspace that was named, or the one that the person chooses; without either it throws the list. */
export async function chooseWorkspace(
  workspaces: readonly AccountWorkspace[],
  wanted: string | undefined,
  terminal: Terminal,
): Promise<AccountWorkspace> {
  if (workspaces.length === 0) throw new Error('The key opens no workspace.');
  const found = workspaces.find(({ id }) => id === wanted);
  if (found !== undefined) return found;
  if (wanted !== undefined)
    throw new Error(`The key does not open workspace ${wanted}. It opens:\n${list(workspaces)}`);
  if (!terminal.isInteractive) throw new Error(`Choose one by --workspace ID:\n${list(workspaces)}`);
  for (;;) {
    const answer = await terminal.ask(`${list(workspaces)}\nWhich one is to be copied? (1 to ${workspaces.length}) `);
    const chosen = /^\d+$/.test(answer) ? workspaces[Number(answer) - 1] : undefined;
    if (chosen !== undefined) return chosen;
  }
}

const list = (workspaces: readonly AccountWorkspace[]): string =>
  formatTable(
    workspaces.map(({ id, name }, index) => [`${index + 1}`, id, printable(name)]),
    [0],
  ).join('\n');

/** A name is somebody else's text: it must not steer the terminal. */
const printable = (name: string): string => name.replace(/\p{C}/gu, ' ');
