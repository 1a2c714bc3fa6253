import type Router from '@koa/router';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Middleware } from 'koa';
import { loadCoverage } from '../../db/coverage.ts';
import { getInstallation } from '../../db/installations.ts';
import { webhookBodySchema, webhookVerbs } from '../../domain/operator-orders.ts';
import { kibibyte, readJson } from '../middleware/read-body.ts';
import { installationPath, refOf } from '../middleware/require-operator.ts';
import type { OperatorState } from '../middleware/require-operator.ts';
import { parse } from '../parse.ts';
import { toSegment } from '../segments.ts';
import { fromStorage } from '../storage.ts';
import type { WebhookDesk } from '../webhook-desk.ts';

export interface OperatorWebhooksDeps {
  readonly orm: MikroORM;
  readonly webhooks: WebhookDesk;
}

/** How changes of an installation reach its copy, and the orders about its webhooks. */
export function addOperatorWebhookRoutes(
  router: Router<OperatorState>,
  gate: Middleware<OperatorState>,
  { orm, webhooks }: OperatorWebhooksDeps,
): void {
  router.get(`${installationPath}/coverage`, gate, async (ctx) => {
    const ref = refOf(ctx.params);
    await fromStorage(getInstallation(orm, ref));
    ctx.body = await fromStorage(loadCoverage(orm, ref));
  });

  router.get(`${installationPath}/webhooks/preview`, gate, async (ctx) => {
    ctx.body = await webhooks.preview(refOf(ctx.params));
  });

  for (const verb of webhookVerbs) {
    router.post(`${installationPath}/${toSegment(verb)}`, gate, readJson(16 * kibibyte), async (ctx) => {
      const { requestId, json, operator } = ctx.state;
      const order = { ...parse(webhookBodySchema, json ?? {}), by: `operator ${operator.sub}` };
      const ref = refOf(ctx.params);
      const effect = await webhooks.give({ ...ref, requestId }, verb, order);
      ctx.state.log.info({ ...ref, verb, effect, by: operator.sub }, 'webhooks steered');
      ctx.body = { effect };
    });
  }
}
