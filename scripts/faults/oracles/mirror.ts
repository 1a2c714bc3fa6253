import { rowKey } from '../../../simulator/world/row-key.ts';
import { parentOf } from '../../../simulator/world/types.ts';
import type { EntityType, World } from '../../../simulator/world/types.ts';
import type { EntityState } from '../../../src/domain/bootstrap-status.ts';
import { readMirror } from '../../demo/mirror.ts';
import { breachIf } from './oracle.ts';
import type { Finding, Oracle } from './oracle.ts';
import type { Scene } from '../scene.ts';

interface ReadEntity {
  readonly entity: EntityType;
  readonly state: EntityState;
  readonly complete: boolean | null;
}

/** The mirror equals what Clockify holds, by content hash, for every kind that the last run read to its end. */
export const judgeMirror: Oracle = async ({ scene, accept }) => {
  if (typeof accept.ends === 'string') return { breaches: [] };
  const { stack, workspaceId } = scene;
  const read = await stack.rows<ReadEntity>(
    `select distinct on (e.entity) e.entity, e.state, e.complete from bootstrap_endpoints e
     join bootstrap_jobs j using (workspace_id, run_id)
     where workspace_id = $1 and e.state = 'read' order by e.entity, j.started_at desc`,
    [workspaceId],
  );
  const mirror = await readMirror(stack.postgres.url(), workspaceId);
  const truth = stack.simulator.truth(workspaceId);
  const unequal = read.filter(({ entity }) => {
    const held = mirror.get(entity) ?? { count: 0, hash: '' };
    return held.count !== truth[entity].count || (held.count > 0 && held.hash !== truth[entity].hash);
  });
  const findings = await Promise.all(unequal.map(({ entity }) => compareRows(scene, entity)));
  return {
    lost: findings.reduce((sum, { lost = 0 }) => sum + lost, 0),
    duplicated: findings.reduce((sum, { duplicated = 0 }) => sum + duplicated, 0),
    breaches: [...breachIf(read.length === 0, 'nothing was read'), ...findings.flatMap(({ breaches }) => breaches)],
  };
};

/** Which rows differ: missing or other than in Clockify is lost, and no longer in Clockify is one too many. */
async function compareRows({ stack, workspaceId }: Scene, entity: EntityType): Promise<Finding> {
  const stored = await stack.rows<{ id: string }>(
    'select entity_id as id from workspace_data where workspace_id = $1 and entity_type = $2 and deleted_at is null',
    [workspaceId, entity],
  );
  const ids = new Set(stored.map(({ id }) => id));
  const real = new Set(listKeys(stack.simulator.world(workspaceId), entity));
  const lost = [...real].filter((id) => !ids.has(id)).length;
  const extra = [...ids].filter((id) => !real.has(id)).length;
  const breach = `${entity}: ${ids.size} rows in the mirror, ${real.size} in Clockify, ${lost} missing, ${extra} too many`;
  return { lost: Math.max(lost, lost + extra === 0 ? 1 : 0), duplicated: extra, breaches: [breach] };
}

function listKeys(world: World, entity: EntityType): string[] {
  const parent = parentOf[entity];
  if (parent === null) return world.list(entity).map((row) => rowKey(entity, row, world.workspaceId));
  return world.list(parent).flatMap((owner) => {
    const parentId = String(owner['id']);
    return world.list(entity, parentId).map((row) => rowKey(entity, row, parentId));
  });
}
