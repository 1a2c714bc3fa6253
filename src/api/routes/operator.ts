import Router from '@koa/router';
import { z } from 'zod';
import { getInstallation } from '../../db/installations.ts';
import type { InstallationStatus } from '../../db/installation.entity.ts';
import { listInstallations } from '../../db/installation-list.ts';
import type { ListedInstallation } from '../../db/installation-list.ts';
import { loadOperatorActions } from '../../db/operator-actions.ts';
import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import { AddonError } from '../../domain/errors.ts';
import { operatorBodySchemas, operatorVerbs } from '../../domain/operator-orders.ts';
import { kibibyte, readJson } from '../middleware/read-body.ts';
import { installationPath, refOf, requireOperator } from '../middleware/require-operator.ts';
import type { OperatorState } from '../middleware/require-operator.ts';
import type { OperatorDesk } from '../operator-desk.ts';
import type { OperatorTokens } from '../operator-tokens.ts';
import { parse } from '../parse.ts';
import { toSegment } from '../segments.ts';
import { fromStorage } from '../storage.ts';
import { addOperatorInboxRoute } from './operator-inbox.ts';
import { addOperatorWebhookRoutes } from './operator-webhooks.ts';
import type { OperatorWebhooksDeps } from './operator-webhooks.ts';

export interface OperatorRoutesDeps extends OperatorWebhooksDeps {
  readonly operators: OperatorTokens;
  readonly desk: OperatorDesk;
  readonly catalogue: Catalogue;
  readonly loadStatus: (workspaceId: string) => Promise<BootstrapStatus>;
}

const steerable: readonly InstallationStatus[] = ['active', 'inactive'];

const pageSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z
    .string()
    .regex(/^[^:]+:.+$/)
    .optional(),
});

/** For whoever runs the add-on: all installations, and the orders for each. Nothing here holds a token. */
export function operatorRoutes(deps: OperatorRoutesDeps): Router<OperatorState> {
  const { operators, orm, desk, catalogue, loadStatus } = deps;
  const router = new Router<OperatorState>({ strict: true, sensitive: true });
  const gate = requireOperator(operators);

  router.get('/openapi-endpoints', gate, (ctx) => {
    ctx.body = { operations: [...catalogue.values()] };
  });

  router.get('/installations', gate, async (ctx) => {
    const { limit, after } = parse(pageSchema, { ...ctx.query });
    const installations = await fromStorage(listInstallations(orm, { limit, after: parseCursor(after) }));
    const last = installations.length === limit ? installations.at(-1) : undefined;
    ctx.body = {
      installations: installations.map(presentInstallation),
      next: last === undefined ? null : `${last.workspaceId}:${last.addonId}`,
    };
  });

  router.get(`${installationPath}/status`, gate, async (ctx) => {
    const { workspaceId } = await fromStorage(getInstallation(orm, refOf(ctx.params)));
    ctx.body = await fromStorage(loadStatus(workspaceId));
  });

  router.get(`${installationPath}/actions`, gate, async (ctx) => {
    const ref = refOf(ctx.params);
    await fromStorage(getInstallation(orm, ref));
    ctx.body = { actions: await fromStorage(loadOperatorActions(orm, ref, 200)) };
  });

  for (const verb of operatorVerbs) {
    router.post(`${installationPath}/${toSegment(verb)}`, gate, readJson(16 * kibibyte), async (ctx) => {
      const { requestId, json, operator } = ctx.state;
      const order = { ...parse(operatorBodySchemas[verb], json ?? {}), by: `operator ${operator.sub}` };
      const { workspaceId, addonId, status } = await fromStorage(getInstallation(orm, refOf(ctx.params)));
      if (!steerable.includes(status)) throw new AddonError('installation_inactive', 'The installation is not in use.');
      ctx.body = { effect: await desk.give({ workspaceId, addonId, requestId }, verb, order) };
      ctx.state.log.info({ workspaceId, addonId, verb, by: operator.sub }, 'bootstrap steered');
    });
  }

  addOperatorInboxRoute(router, gate, deps);
  addOperatorWebhookRoutes(router, gate, deps);
  return router;
}

function parseCursor(after: string | undefined) {
  if (after === undefined) return null;
  const [workspaceId = '', ...rest] = after.split(':');
  return { workspaceId, addonId: rest.join(':') };
}

/** Field by field: a column that is added later does not leave by itself. */
const presentInstallation = (row: ListedInstallation) => ({
  workspaceId: row.workspaceId,
  addonId: row.addonId,
  status: row.status,
  kind: row.kind,
  apiUrl: row.apiUrl,
  plan: row.plan,
  installedAt: new Date(row.installedAt).toISOString(),
  updatedAt: new Date(row.updatedAt).toISOString(),
  lastBootstrapAt: row.lastBootstrapAt === null ? null : new Date(row.lastBootstrapAt).toISOString(),
});
