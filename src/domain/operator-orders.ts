import { z } from 'zod';
import { entityTypes } from './entities.ts';

/** What an operator can do with a run, from the sidebar, the API or the Temporal Web UI. */
export const operatorVerbs = [
  'pause',
  'resume',
  'retryFailed',
  'restartEntity',
  'restartAll',
  'skipEntity',
  'changeRate',
  'cancel',
] as const;

export type OperatorVerb = (typeof operatorVerbs)[number];

const reason = z.string().max(500).optional();
const plain = z.strictObject({ reason });
const aboutEntity = z.strictObject({ reason, entity: z.enum(entityTypes) });

/** What each verb takes from a form or a body: who orders is known from elsewhere. */
export const operatorBodySchemas = {
  pause: plain,
  resume: plain,
  retryFailed: plain,
  restartEntity: aboutEntity,
  restartAll: plain,
  skipEntity: aboutEntity,
  changeRate: z.strictObject({ reason, requestsPerSecond: z.number().min(1).max(50) }),
  cancel: plain,
} as const satisfies Record<OperatorVerb, z.ZodType>;

/** What an operator can order about the webhooks of an installation. */
export const webhookVerbs = ['registerWebhooks', 'rotateWebhookTokens'] as const;

export type WebhookVerb = (typeof webhookVerbs)[number];

/** What they take from a form or a body. */
export const webhookBodySchema = plain;

/** Who gave the order; the Temporal Web UI does not say. */
const by = z.string().min(1).max(200).optional();

/** What each verb takes as an update of the run. */
export const operatorOrderSchemas = {
  pause: plain.extend({ by }),
  resume: plain.extend({ by }),
  retryFailed: plain.extend({ by }),
  restartEntity: aboutEntity.extend({ by }),
  restartAll: plain.extend({ by }),
  skipEntity: aboutEntity.extend({ by }),
  changeRate: operatorBodySchemas.changeRate.extend({ by }),
  cancel: plain.extend({ by }),
} as const satisfies Record<OperatorVerb, z.ZodType>;

export type OperatorOrder<Verb extends OperatorVerb = OperatorVerb> = z.infer<(typeof operatorOrderSchemas)[Verb]>;

/** What the log of orders holds: the verbs, the start of a run, and that deliveries were processed once more. */
export type LoggedVerb = OperatorVerb | WebhookVerb | 'start' | 'replayWebhooks';

/** One line of the log of orders, as the sidebar and the API show it. Times are ISO 8601 in UTC. */
export interface OperatorActionLine {
  readonly seq: number;
  readonly at: string;
  readonly verb: LoggedVerb;
  readonly entity: string | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly effect: string;
}
