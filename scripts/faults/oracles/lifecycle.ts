import type { LifecycleRecord } from '../lifecycle-calls.ts';
import { breachIf } from './oracle.ts';
import type { Oracle } from './oracle.ts';

const isAccepted = ({ status }: LifecycleRecord): boolean => status !== null && status >= 200 && status < 300;

const statusesOf = {
  active: ['active'],
  inactive: ['inactive'],
  deleted: ['delete_pending', 'gone'],
} as const satisfies Record<LifecycleRecord['leaves'], readonly string[]>;

/** Every lifecycle call that was answered 2xx has its effect: the newest one of an installation tells how it stands. */
export const judgeLifecycle: Oracle = async ({ scene: { stack, workspaceId, calls } }) => {
  const rows = await stack.rows<{ addonId: string; status: string }>(
    'select addon_id as "addonId", status from installations where workspace_id = $1',
    [workspaceId],
  );
  const inUse = calls.findLast((call) => call.event === 'INSTALLED' && isAccepted(call))?.addonId;
  const newest = new Map(calls.filter(isAccepted).map((call) => [call.addonId, call]));
  const breaches = [...newest.values()].flatMap(({ addonId, event, leaves }) => {
    // What another installation replaced may be gone without a word.
    if (addonId !== inUse && leaves !== 'deleted') return [];
    const found = rows.find((row) => row.addonId === addonId)?.status ?? 'gone';
    const expected: readonly string[] = statusesOf[leaves];
    return breachIf(!expected.includes(found), `${event} was accepted, and the installation is ${found}`);
  });
  return { lost: breaches.length, breaches };
};
