import { expect, test } from '@jest/globals';
import { operatorBodySchemas, operatorVerbs } from '../../domain/operator-orders.ts';
import type { AskedOrder } from './order-rules.ts';
import { readOrder } from './read-order.ts';

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

const askFor = (verb: AskedOrder['verb']): AskedOrder =>
  verb === 'restartEntity' || verb === 'skipEntity' ? { verb, entity: 'tags' } : { verb };

test.each(operatorVerbs)('%s becomes an order that the server accepts', (verb) => {
  for (const reason of ['', '  ', 'Month end']) {
    const order = readOrder(askFor(verb), formOf({ reason, requestsPerSecond: '12.5', confirmation: 'cancel' }));
    expect(order.verb).toBe(verb);
    expect(order.body.reason).toBe(reason.trim() || undefined);
    expect(operatorBodySchemas[verb].safeParse(order.body).success).toBe(true);
  }
});

test('the fields of an order are its own', () => {
  const form = formOf({ requestsPerSecond: '25' });
  expect(readOrder({ verb: 'changeRate' }, form).body).toEqual({ requestsPerSecond: 25 });
  expect(readOrder({ verb: 'skipEntity', entity: 'users' }, form).body).toEqual({ entity: 'users' });
  expect(readOrder({ verb: 'pause' }, form).body).toEqual({});
});
