import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { addOperatorAction } from '../../db/operator-actions.ts';
import { withWorkspace } from '../../db/orm.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const elsewhere = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  for (const ref of [owner, elsewhere]) {
    await api.send('/lifecycle/installed', {
      method: 'POST',
      headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(ref) },
      body: { ...ref, authToken: api.mint.installation(ref), apiUrl: 'https://api.clockify.me/api' },
    });
  }
});
afterAll(() => api.stop());

const order = (orderId: string, ref = owner) =>
  withWorkspace(api.orm, ref.workspaceId, (em) =>
    addOperatorAction(em, {
      ...ref,
      orderId,
      runId: 'r1',
      verb: 'skipEntity',
      entity: 'tags',
      actor: 'u1',
      reason: 'month end',
      effect: `Order ${orderId} was obeyed.`,
    }),
  );

const read = (search = '', token = api.mint.user(owner), workspaceId = owner.workspaceId) =>
  api.send(`/bootstrap/${workspaceId}/actions${search}`, { headers: { 'X-Addon-Token': token } });

test('the orders of the installation come newest first, field by field', async () => {
  expect((await read()).json()).toEqual({ actions: [] });
  for (const orderId of ['1', '2']) await order(orderId);
  await order('3', elsewhere);
  const line = (seq: number) => ({
    seq,
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    verb: 'skipEntity',
    entity: 'tags',
    actor: 'u1',
    reason: 'month end',
    effect: `Order ${seq} was obeyed.`,
  });
  expect((await read()).json()).toEqual({ actions: [line(2), line(1)] });
});

test('as many come as are asked for, fifty unless told, two hundred at most', async () => {
  for (let index = 3; index <= 60; index += 1) await order(String(index));
  const count = async (search: string) => ((await read(search)).json()['actions'] as unknown[]).length;
  expect([await count(''), await count('?limit=2'), await count('?limit=200')]).toEqual([50, 2, 60]);
});

describe('the log is refused', () => {
  it.each(['0', '201', '1.5', '-1', 'ten', '', '5&limit=6'])('for %j lines', async (limit) => {
    const answer = await read(`?limit=${limit}`);
    expect(answer.status).toBe(422);
    expect(answer.json()).toMatchObject({ error: 'validation_failed', fields: [{ path: '/limit' }] });
  });

  it.each<[string, number, () => string]>([
    ['without a token', 401, () => ''],
    ['for an installation token', 401, () => api.mint.installation(owner)],
    ['for a member', 403, () => api.mint.user(owner, { workspaceRole: 'MEMBER' })],
    ['in another workspace', 404, () => api.mint.user(elsewhere)],
  ])('%s with %d', async (_case, status, token) => {
    expect((await read('', token())).status).toBe(status);
  });

  it('while the installation is not active', async () => {
    await api.rows(`update installations set status = 'inactive'`);
    expect((await read()).json()).toMatchObject({ error: 'installation_inactive' });
  });
});
