import type { MikroORM } from '@mikro-orm/postgresql';
import type { WebhookPreview, WebhookRegistrar } from '../activities/webhook-registrar.ts';
import type { RegistrationOutcome, RotationOutcome } from '../activities/webhook-work.ts';
import { addOperatorAction } from '../db/operator-actions.ts';
import { withWorkspace } from '../db/orm.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { WebhookVerb } from '../domain/operator-orders.ts';
import type { WorkflowOrigin } from '../domain/workflow-origin.ts';
import { fromStorage } from './storage.ts';

interface WebhookOrder {
  readonly by: string;
  readonly reason?: string | undefined;
}

export interface WebhookDesk {
  /** What a registration would do; nothing is changed. */
  preview(ref: InstallationRef): Promise<WebhookPreview>;
  /** Obeys at once, and answers with what came of it in a sentence or two. */
  give(origin: WorkflowOrigin, verb: WebhookVerb, order: WebhookOrder): Promise<string>;
}

/** Somebody waits for the answer: what is not done by then is left to the next check. */
const longestOrderMs = 25_000;

/** What people want of the webhooks of an installation, each order written to the log. */
export function createWebhookDesk({ orm, registrar }: { orm: MikroORM; registrar: WebhookRegistrar }): WebhookDesk {
  const obey: Record<WebhookVerb, (ref: InstallationRef, signal: AbortSignal) => Promise<string>> = {
    registerWebhooks: async (ref, signal) => tellRegistration(await registrar.register(ref, { removes: true, signal })),
    rotateWebhookTokens: async (ref, signal) => tellRotation(await registrar.rotate(ref, signal)),
  };

  return {
    preview: (ref) => fromStorage(registrar.preview(ref, AbortSignal.timeout(longestOrderMs))),

    async give({ requestId, ...ref }, verb, { by, reason = null }) {
      const effect = await fromStorage(obey[verb](ref, AbortSignal.timeout(longestOrderMs)));
      const { workspaceId, addonId } = ref;
      const action = { workspaceId, addonId, orderId: requestId, runId: null, verb, entity: null };
      await fromStorage(
        withWorkspace(orm, workspaceId, (em) => addOperatorAction(em, { ...action, actor: by, reason, effect })),
      );
      return effect;
    },
  };
}

function tellRegistration({ added, kept, renewed, removed, shortfall }: RegistrationOutcome): string {
  const done = [
    `${added} webhooks added`,
    `${kept} kept`,
    `${removed} removed`,
    ...(renewed > 0 ? [`${renewed} given a new token`] : []),
  ];
  return `${done.join(', ')}.${shortfall === null ? '' : ` ${shortfall}`}`;
}

function tellRotation({ replaced, held, shortfall }: RotationOutcome): string {
  if (held === 0) return 'There is no webhook whose token the add-on could replace.';
  return `${replaced} of ${held} tokens replaced.${shortfall === null ? '' : ` ${shortfall}`}`;
}
