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

/** Who wants it and why. The Temporal Web UI knows neither, so both may be left out. */
const orderFields = {
  by: z.string().min(1).max(200).optional(),
  reason: z.string().max(500).optional(),
};

/** What each verb takes. The same schemas check the API's body, the sidebar's form and the workflow's update. */
export const operatorOrderSchemas = {
  pause: z.strictObject(orderFields),
  resume: z.strictObject(orderFields),
  retryFailed: z.strictObject(orderFields),
  restartEntity: z.strictObject({ ...orderFields, entity: z.enum(entityTypes) }),
  restartAll: z.strictObject(orderFields),
  skipEntity: z.strictObject({ ...orderFields, entity: z.enum(entityTypes) }),
  changeRate: z.strictObject({ ...orderFields, requestsPerSecond: z.number().min(1).max(50) }),
  cancel: z.strictObject(orderFields),
} as const satisfies Record<OperatorVerb, z.ZodType>;

export type OperatorOrder<Verb extends OperatorVerb = OperatorVerb> = z.infer<(typeof operatorOrderSchemas)[Verb]>;

/** One line of the log of orders, as the sidebar and the API show it. Times are ISO 8601 in UTC. */
export interface OperatorActionLine {
  readonly seq: number;
  readonly at: string;
  readonly verb: OperatorVerb;
  readonly entity: string | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly effect: string;
}
