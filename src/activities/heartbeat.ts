import { heartbeat } from '@temporalio/activity';

const everyMs = 2_000;

/** Tells Temporal that the work goes on, for as long as it does: so a worker that dies is noticed. */
export async function withHeartbeat<T>(work: () => Promise<T>): Promise<T> {
  const beat = setInterval(heartbeat, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
