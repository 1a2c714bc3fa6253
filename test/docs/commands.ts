import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** `run`: a test executes it; `cluster`: needs containers or the internet; `ci`: runs with every commit; `long`: the long tests. */
const marks = ['run', 'cluster', 'ci', 'long'] as const;
type Mark = (typeof marks)[number];

export interface Command {
  readonly mark: Mark;
  /** The heading above it, and the line it starts on. */
  readonly place: string;
  readonly script: string;
}

const isMark = (text: string): text is Mark => (marks as readonly string[]).includes(text);

/** The blocks of shell commands of a document, in order. Throws for one without a mark. */
export function readCommands(document: string): Command[] {
  const commands: Command[] = [];
  let heading = '';
  let open: { mark: Mark; place: string; lines: string[] } | undefined;
  for (const [index, line] of readFileSync(join(root, document), 'utf8').split('\n').entries()) {
    const [, mark = ''] = /^```sh ?(.*)$/.exec(line) ?? [];
    if (open !== undefined && line === '```') {
      commands.push({ mark: open.mark, place: open.place, script: open.lines.join('\n') });
      open = undefined;
    } else if (open !== undefined) open.lines.push(line);
    else if (line.startsWith('#')) heading = line.replace(/^#+ /, '');
    else if (isMark(mark)) open = { mark, place: `${heading}, line ${index + 1}`, lines: [] };
    else if (line.startsWith('```') && line !== '```')
      throw new Error(`${document}:${index + 1}: a block without a mark`);
  }
  return commands;
}
