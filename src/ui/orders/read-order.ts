import type { Order } from '../bootstrap/api.ts';
import { readNumber, readText } from '../form-fields.ts';
import type { AskedOrder } from './order-rules.ts';

/** The order as the dialog was filled in. */
export function readOrder(asked: AskedOrder, form: FormData): Order {
  const reason = readText(form.get('reason'));
  const why = reason === null ? {} : { reason };
  if ('entity' in asked) return { verb: asked.verb, body: { ...why, entity: asked.entity } };
  if (asked.verb !== 'changeRate') return { verb: asked.verb, body: why };
  // The form is not sent without it.
  const requestsPerSecond = readNumber(form.get('requestsPerSecond')) ?? 1;
  return { verb: asked.verb, body: { ...why, requestsPerSecond } };
}
