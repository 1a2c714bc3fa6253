import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../simulator/faults/types.ts';
import { useWebhookRegistration } from '../../test/support/webhook-registration.ts';
import { declaredCount } from '../../test/support/webhook-stage.ts';
import { createClockifyClient } from '../clockify/client.ts';
import { webhookEvents } from '../domain/webhook-events.ts';
import { createGateway } from './clockify-gateway.ts';

const { stage, installed, install, registrar, register, made, operations, disturb, countStates, expectHeld } =
  useWebhookRegistration();

describe('two at a time', () => {
  it('make no twins, and whoever came second is told', async () => {
    await install({ cap: 5 });
    const outcomes = await Promise.allSettled([register(), register(), registrar().rotate(installed())]);
    expect(outcomes.map(({ status }) => status)).toContain('fulfilled');
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' });
    }
    await register();
    expect(made()).toHaveLength(5);
    await expectHeld();
  });

  it('one whose process died gives way after a while', async () => {
    await install({ cap: 1 });
    const busyUntil = (interval: string) =>
      stage().mirror.rows(`update installations set webhooks_busy_until = clock_timestamp() + $1::interval`, [
        interval,
      ]);
    await busyUntil('1 minute');
    await expect(register()).rejects.toMatchObject({ code: 'conflict' });
    await busyUntil('-1 second');
    expect(await register()).toMatchObject({ added: 1 });
  });
});

describe('after an answer that says nothing', () => {
  const broken: [string, Fault][] = [
    ['is a 503', { kind: 'status', status: 503, operationId: 'createWebhook', times: 2 }],
    ['is no JSON', { kind: 'html', status: 200, operationId: 'createWebhook', times: 1 }],
    ['is cut off', { kind: 'reset', at: 'body', operationId: 'createWebhook', times: 1 }],
    ['never comes', { kind: 'hang', at: 'headers', operationId: 'createWebhook', times: 1 }],
    ['comes half', { kind: 'truncated-json', operationId: 'createWebhook', times: 1 }],
  ];

  it.each(broken)('that %s, it looks before it makes one, and there is no twin', async (_, fault) => {
    await install({ cap: 5 });
    disturb(fault);
    await register();
    expect(made().map(({ hook }) => hook.webhookEvent)).toEqual(webhookEvents.slice(declaredCount, declaredCount + 5));
    await expectHeld();
  });

  it('to a removal, one that was done counts as done', async () => {
    await install({ cap: 1 });
    await register();
    const event = made()[0]?.hook.webhookEvent ?? '';
    await stage().mirror.rows(
      `update webhook_registrations set kind = 'manifest', webhook_id = null where event = $1`,
      [event],
    );
    disturb({ kind: 'reset', at: 'body', operationId: 'deleteWebhook', times: 1 });
    expect(await register(true)).toMatchObject({ removed: 1 });
    expect(made().map(({ hook }) => hook.webhookEvent)).not.toContain(event);
  });

  it('five times over it stops, and the next registration makes up for it', async () => {
    await install();
    disturb({ kind: 'status', status: 503, operationId: 'createWebhook', times: 5 });
    expect(await register()).toMatchObject({ added: 0, shortfall: expect.any(String) });
    expect(await countStates()).toEqual({ adopted: 20, failed: 31 });
    expect(operations()['createWebhook']).toEqual({ 503: 5 });
    expect(await register()).toMatchObject({ added: 31, shortfall: null });
  });

  it('to the list, it makes nothing and keeps what is known', async () => {
    await install();
    await register();
    disturb({ kind: 'status', status: 503, operationId: 'getWebhooks' });
    expect(await register()).toMatchObject({ kept: 51, shortfall: expect.any(String) });
    expect(await countStates()).toEqual({ adopted: 20, registered: 31 });
  });
});

describe('a process that dies', () => {
  it('after Clockify made a webhook and before its token was stored leaves no twin: the token is replaced', async () => {
    await install({ cap: 5 });
    await register();
    const [first] = made();
    await stage().mirror.rows('delete from webhook_registrations where webhook_id = $1', [first?.hook.id]);
    expect(await register()).toMatchObject({ added: 0, renewed: 1 });
    expect(made().map(({ hook }) => hook.id)).toContain(first?.hook.id);
    expect(made().filter(({ hook }) => hook.webhookEvent === first?.hook.webhookEvent)).toHaveLength(1);
    expect(made().filter(({ hook }) => hook.webhookEvent === first?.hook.webhookEvent)[0]?.hook.authToken).not.toBe(
      first?.hook.authToken,
    );
    await expectHeld();
  });
});

it('what is left when the requests of the hour are used up is tried again another time', async () => {
  await install();
  const client = createClockifyClient({ allowedDomains: [stage().simulator.url] });
  const gateway = createGateway({ orm: stage().mirror.orm, client, hourlyLimit: 3 });
  const outcome = await registrar({ gateway }).register(installed());
  await gateway.close();
  await client.close();
  expect(outcome).toMatchObject({ added: 1, shortfall: 'The request budget of the workspace was used up.' });
  expect(await countStates()).toEqual({ adopted: 20, registered: 1, failed: 30 });
});

it('what is left when the time is over is recorded as such', async () => {
  await install();
  disturb({ kind: 'hang', at: 'headers', operationId: 'createWebhook', skip: 2 });
  const slow = createClockifyClient({ allowedDomains: [stage().simulator.url] });
  const gateway = createGateway({ orm: stage().mirror.orm, client: slow, hourlyLimit: null });
  const outcome = await registrar({ gateway }).register(installed(), { signal: AbortSignal.timeout(1_500) });
  await gateway.close();
  await slow.close();
  expect(outcome).toMatchObject({ added: 2, shortfall: 'There was no time left to ask Clockify.' });
  expect(await countStates()).toEqual({ adopted: 20, registered: 2, failed: 29 });
});
