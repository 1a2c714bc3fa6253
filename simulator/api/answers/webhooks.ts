import { createHash } from 'node:crypto';
import type { Installation } from '../../platform/state.ts';
import type { Row } from '../../world/types.ts';
import type { AnswerTable, Context } from '../context.ts';
import { json, notInWorkspace, type Reply } from '../reply.ts';

const rules = { kind: 'other', isClosedToAddons: true, members: 'never' } as const;

/** The webhooks that add-ons declared; nobody has made others. */
export const webhookAnswers: AnswerTable = {
  getWebhooks: { ...rules, reply: (context) => replyWebhooks(installedOn(context)) },
  getAddonWebhooks: {
    ...rules,
    reply: (context) =>
      replyWebhooks(installedOn(context).filter(({ addonId }) => addonId === context.params['addonId'])),
  },
  getWebhook: {
    ...rules,
    reply: (context) => {
      const webhookId = context.params['webhookId'] ?? '';
      const found = installedOn(context)
        .flatMap(present)
        .find(({ id }) => id === webhookId);
      if (found === undefined) throw notInWorkspace(`Webhook ${webhookId}`);
      return json(found);
    },
  },
};

const installedOn = ({ workspace }: Context): Installation[] =>
  workspace.installations.filter(({ installed }) => installed);

function replyWebhooks(installations: readonly Installation[]): Reply {
  const webhooks = installations.flatMap(present);
  return json({ webhooks, workspaceWebhookCount: webhooks.length });
}

const present = ({ webhooks, manifest, workspaceId, addonUserId }: Installation): Row[] =>
  webhooks.map(({ event, path, authToken }) => ({
    id: createHash('sha256').update(authToken).digest('hex').slice(0, 24),
    name: event,
    url: manifest.baseUrl + path,
    webhookEvent: event,
    triggerSource: [workspaceId],
    triggerSourceType: 'WORKSPACE_ID',
    userId: addonUserId,
    workspaceId,
    enabled: true,
    deliveryEnabled: true,
    planEnabled: true,
    authToken,
  }));
