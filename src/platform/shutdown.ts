import type { Logger } from './logger.ts';

type Close = () => Promise<unknown> | void;

/** Takes what the process opens, in order, and closes it in reverse, once. */
export function createShutdown(log: Logger) {
  const closers: { name: string; close: Close }[] = [];
  let running: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    for (const { name, close } of closers.reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ err: error, part: name }, 'close failed');
      }
    }
    log.info('shut down');
  }

  const run = (): Promise<void> => (running ??= closeAll());

  return {
    add: (name: string, close: Close): void => void closers.push({ name, close }),
    run,
    /** Lets SIGTERM and SIGINT start the shutdown; the process ends when nothing is left open. */
    listen(): void {
      process.once('SIGTERM', () => void run());
      process.once('SIGINT', () => void run());
    },
  };
}
