import { createInterface } from 'node:readline/promises';

export interface Terminal {
  /** Whether a person is there to answer. */
  readonly isInteractive: boolean;
  ask(question: string): Promise<string>;
}

/** Asks on standard output and hears on standard input; `signal` ends the waiting. */
export const openTerminal = (signal: AbortSignal): Terminal => ({
  isInteractive: process.stdin.isTTY && process.stdout.isTTY,
  async ask(question) {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    try {
      return (await lines.question(question, { signal })).trim();
    } finally {
      lines.close();
    }
  },
});

/** False when the person does not agree; throws where there is nobody to ask. */
export async function confirmStart(terminal: Terminal): Promise<boolean> {
  if (!terminal.isInteractive) throw new Error('Start it with --yes if you agree.');
  return /^y(es)?$/i.test(await terminal.ask('Start? (y/N) '));
}
