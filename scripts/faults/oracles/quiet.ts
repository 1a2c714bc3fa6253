import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from '../scene.ts';
import { breachIf } from './oracle.ts';
import type { Oracle } from './oracle.ts';

/** Pools let idle connections go after ten seconds. */
const quietAfterMs = 15_000;

async function findNoise({ stack, workspaceId }: Scene): Promise<string[]> {
  const [found] = await stack.rows<{ outbox: number; idle: number; waiting: number }>(
    `select (select count(*)::int from outbox where workspace_id = $1) as outbox,
       (select count(*)::int from pg_stat_activity
        where state like 'idle in transaction%' and state_change < clock_timestamp() - interval '3 s') as idle,
       (select count(*)::int from pg_locks where not granted) as waiting`,
    [workspaceId],
  );
  return [
    ...breachIf(found?.outbox !== 0, `${found?.outbox} messages in the outbox`),
    ...breachIf(found?.idle !== 0, `${found?.idle} transactions left open`),
    ...breachIf(found?.waiting !== 0, `${found?.waiting} locks waited for`),
  ];
}

/** Afterwards nothing waits: the outbox is empty, and no transaction or lock is left behind. */
export const judgeQuiet: Oracle = async ({ scene }) => {
  for (const end = Date.now() + quietAfterMs; ; await sleep(250)) {
    const breaches = await findNoise(scene);
    if (breaches.length === 0 || Date.now() > end) return { breaches };
  }
};
