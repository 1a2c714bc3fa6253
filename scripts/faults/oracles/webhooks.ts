import type { DeliveryLine } from '../../../simulator/webhooks/delivery.ts';
import { isAcknowledged } from '../../../simulator/webhooks/delivery.ts';
import type { Span } from '../fault-row.ts';
import type { Stack } from '../stack.ts';
import { breachIf } from './oracle.ts';
import type { Oracle } from './oracle.ts';

/** What a delivery that was answered 2xx may have become; `parked` was given up. */
const done = ['processed', 'quarantined'];

interface StoredDelivery {
  readonly key: string;
  readonly state: string;
}

/** Changes that the history of an entity tells of, although it looked the same before. */
const appliedTwice = `
  with looks as (
    select entity_type, entity_id, version, hash, is_deleted from entity_versions where workspace_id = $1
    union all
    select entity_type, entity_id, version, hash, deleted_at is not null from workspace_data where workspace_id = $1
  ), pairs as (
    select hash = lag(hash) over history and is_deleted = lag(is_deleted) over history as is_same
    from looks window history as (partition by entity_type, entity_id order by version)
  )
  select count(*)::int as count from pairs where is_same`;

const keyOf = ({ event, bodySha256 }: DeliveryLine): string => `${event}:${bodySha256}`;

/** Keys of the deliveries that installations of now had answered 2xx, at another time than the forgotten. */
export function listAcknowledged({ simulator }: Stack, workspaceId: string, forgotten?: Span): string[] {
  const isForgotten = (at: number): boolean => forgotten !== undefined && at >= forgotten.from && at <= forgotten.to;
  const hooks = new Set(simulator.hooks(workspaceId).map(({ hook }) => hook.id));
  const acknowledged = simulator
    .deliveries(workspaceId)
    .filter(
      ({ hookId, attempts }) =>
        hooks.has(hookId) && attempts.some(({ status, at }) => isAcknowledged(status) && !isForgotten(at)),
    );
  return [...new Set(acknowledged.map(keyOf))];
}

/** Every delivery that was answered 2xx is stored and was processed, and no change took effect twice. */
export const judgeWebhooks: Oracle = async ({ scene, accept }) => {
  const { stack, workspaceId } = scene;
  if (accept.ends === 'open') return { breaches: [] };
  const acknowledged = listAcknowledged(stack, workspaceId, accept.forgotten?.(scene));
  const stored = await stack.rows<StoredDelivery>(
    `select event || ':' || encode(body_hash, 'hex') as key, state from webhook_events where workspace_id = $1`,
    [workspaceId],
  );
  const keys = new Set(stored.map(({ key }) => key));
  const missing = acknowledged.filter((key) => !keys.has(key)).length;
  const open = stored.filter(({ state }) => !done.includes(state));
  const [twice] = await stack.rows<{ count: number }>(appliedTwice, [workspaceId]);
  const duplicated = twice?.count ?? 0;
  return {
    lost: missing + open.length,
    duplicated,
    breaches: [
      ...breachIf(missing > 0, `${missing} of ${acknowledged.length} deliveries answered 2xx are not stored`),
      ...breachIf(open.length > 0, `${open.length} stored deliveries were not processed: ${open[0]?.state}`),
      ...breachIf(duplicated > 0, `${duplicated} changes took effect twice`),
    ],
  };
};
