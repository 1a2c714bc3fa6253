import type Router from '@koa/router';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Middleware } from 'koa';
import { z } from 'zod';
import { getInstallation } from '../../db/installations.ts';
import { inboxQuerySchema, loadInboxPage } from '../inbox-list.ts';
import type { OperatorState } from '../middleware/require-operator.ts';
import { parse } from '../parse.ts';
import { fromStorage } from '../storage.ts';

const querySchema = inboxQuerySchema.extend({ workspaceId: z.string(), addonId: z.string() });

/** The deliveries of one installation, without what they say. */
export function addOperatorInboxRoute(
  router: Router<OperatorState>,
  gate: Middleware<OperatorState>,
  { orm }: { readonly orm: MikroORM },
): void {
  router.get('/webhooks', gate, async (ctx) => {
    const { workspaceId, addonId, ...wanted } = parse(querySchema, { ...ctx.query });
    const ref = await fromStorage(getInstallation(orm, { workspaceId, addonId }));
    ctx.body = await loadInboxPage(orm, ref, wanted);
  });
}
