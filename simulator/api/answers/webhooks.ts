import { findLogs } from '../../webhooks/logs.ts';
import type { Hook, HookRequest, KnownHook } from '../../webhooks/hook.ts';
import { hookCaps } from '../../webhooks/caps.ts';
import { triggerSourceTypes } from '../../webhooks/trigger-source.ts';
import type { AnswerTable, Context } from '../context.ts';
import { webhookEvents } from '../operations.ts';
import { pagingStyles } from '../paging.ts';
import { empty, json, notInWorkspace, refuse, type Reply } from '../reply.ts';
import { bodyField, isRow } from '../rows.ts';

const access = {
  isClosedToAddons: ({ webhooks }: Context['workspace']) => !webhooks.settings.open,
  members: 'never',
} as const;
const rules = { ...access, kind: 'other' } as const;

/** The webhooks that manifests declared, to look at; those made here, to change as well. */
export const webhookAnswers: AnswerTable = {
  getWebhooks: {
    ...rules,
    reply: ({ workspace, query }) => {
      const type = query.get('type');
      return replyWebhooks(workspace.webhooks.hooks.list().filter((one) => type === null || typeOf(one) === type));
    },
  },
  getAddonWebhooks: {
    ...rules,
    reply: ({ workspace, params }) =>
      replyWebhooks(workspace.webhooks.hooks.list().filter(({ addonId }) => addonId === params['addonId'])),
  },
  getWebhook: { ...rules, reply: (context) => json(findHook(context).hook) },
  createWebhook: {
    ...rules,
    reply: (context) => {
      const request = readRequest(context);
      if (request.name === undefined) throw refuse(400, 501, 'Webhook already exists');
      checkCap(context);
      const { userId, installation } = context.caller;
      const owner = { userId, addonId: installation?.addonId ?? null };
      return json(context.workspace.webhooks.hooks.create({ ...request, name: request.name }, owner), 201);
    },
  },
  updateWebhook: {
    ...rules,
    reply: (context) => {
      const known = findOwn(context);
      const { name = known.name, ...request } = readRequest(context);
      return json(context.workspace.webhooks.hooks.replace(known.id, { ...request, name }));
    },
  },
  deleteWebhook: {
    ...rules,
    reply: (context) => {
      context.workspace.webhooks.hooks.remove(findOwn(context).id);
      return empty(200);
    },
  },
  generateNewToken: {
    ...rules,
    reply: (context) => json(context.workspace.webhooks.hooks.rotate(findOwn(context).id)),
  },
  getLogsForWebhook: {
    ...access,
    kind: 'list',
    paging: pagingStyles.sized,
    rows: (context) =>
      findLogs(context.workspace.webhooks.deliveries(), findHook(context).hook.id, {
        from: readInstant(context, 'from') ?? -Infinity,
        to: readInstant(context, 'to') ?? Infinity,
        status: bodyField(context, 'status') ?? 'ALL',
        isNewestFirst: bodyField(context, 'sortByNewest') === true,
        nowMs: context.nowMs,
      }),
  },
};

const typeOf = ({ addonId }: KnownHook) => (addonId === null ? 'USER_CREATED' : 'ADDON');

function replyWebhooks(known: readonly KnownHook[]): Reply {
  const webhooks = known.map(({ hook }) => hook);
  return json({ webhooks, workspaceWebhookCount: webhooks.length });
}

function findHook({ workspace, params }: Context): KnownHook {
  const webhookId = params['webhookId'] ?? '';
  const known = workspace.webhooks.hooks.find(webhookId);
  if (known === undefined) throw notInWorkspace(`Webhook ${webhookId}`);
  return known;
}

/** What a manifest declares, only a new version of it changes; an add-on touches no hook of others. */
function findOwn(context: Context): Hook {
  const { hook, isDeclared, addonId } = findHook(context);
  const { installation } = context.caller;
  if (isDeclared) throw refuse(400, 501, `Webhook ${hook.id} is declared by an add-on`);
  if (installation !== null && installation.addonId !== addonId) throw notInWorkspace(`Webhook ${hook.id}`);
  return hook;
}

/** The plan's cap: 400 code 4033, like other limits of plans. */
function checkCap({ workspace, caller }: Context): void {
  const { hooks, settings } = workspace.webhooks;
  const made = hooks.list().filter(({ isDeclared }) => !isDeclared);
  const caps =
    settings.cap === null ? hookCaps(workspace.world.plan) : { perUser: settings.cap, perWorkspace: settings.cap };
  const own = made.filter(({ hook }) => hook.userId === caller.userId);
  if (own.length >= caps.perUser || made.length >= caps.perWorkspace) {
    throw refuse(400, 4033, 'The limit of webhooks is reached');
  }
}

function readRequest({ body }: Context): Omit<HookRequest, 'name'> & { readonly name: string | undefined } {
  if (!isRow(body)) throw refuse(400, 3002, 'Body is not readable');
  const { name, url, webhookEvent, triggerSource, triggerSourceType } = body;
  const isSound =
    (name === undefined || hasLength(name, 2, 30)) &&
    typeof url === 'string' &&
    /^https?:\/\//.test(url) &&
    URL.canParse(url) &&
    webhookEvents.includes(String(webhookEvent)) &&
    triggerSourceTypes.includes(String(triggerSourceType)) &&
    Array.isArray(triggerSource) &&
    triggerSource.every((one) => typeof one === 'string');
  if (!isSound) throw refuse(400, 3000, 'A field of the webhook is missing or not valid');
  return {
    name,
    url,
    webhookEvent: String(webhookEvent),
    triggerSource,
    triggerSourceType: String(triggerSourceType),
  };
}

function hasLength(value: unknown, least: number, most: number): value is string {
  return typeof value === 'string' && value.length >= least && value.length <= most;
}

function readInstant(context: Context, field: string): number | undefined {
  const value = bodyField(context, field);
  if (value === undefined || value === null) return undefined;
  const instant = typeof value === 'string' ? Date.parse(value) : NaN;
  if (Number.isNaN(instant)) throw refuse(400, 3000, `${field} is not an instant`);
  return instant;
}
