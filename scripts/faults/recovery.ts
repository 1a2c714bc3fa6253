import type { Acceptance } from './fault-row.ts';
import type { Scene } from './scene.ts';

const longestMs = 150_000;

/**
 * Milliseconds from now until every page loop that is under way has moved on or come to its end; null when none is.
 * Without a page loop, until the run has one or is over.
 */
export async function measureRecovery(scene: Scene, { ends }: Acceptance): Promise<number | null> {
  if (ends === 'open') return null;
  const startedAt = Date.now();
  const [run] = await scene.runs();
  if (run === undefined || run.isFinished) return null;
  const before = (await scene.loops()).filter(({ isDone }) => !isDone);
  const pagesBefore = await scene.pages();
  await scene.until(async () => {
    const [now] = await scene.runs();
    if (now?.isFinished === true) return true;
    if (before.length === 0) return (await scene.pages()) > pagesBefore;
    const loops = await scene.loops();
    return before.every(({ entity, loop, pages }) => {
      const found = loops.find((candidate) => candidate.entity === entity && candidate.loop === loop);
      return found === undefined || found.isDone || found.pages > pages;
    });
  }, longestMs);
  return Date.now() - startedAt;
}
