import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { openEvents } from '../../../test/support/event-reader.ts';
import type { EventReader } from '../../../test/support/event-reader.ts';
import { addInboxRow } from '../../../test/support/inbox-rows.ts';
import type { InboxLine } from '../../domain/inbox.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const elsewhere = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };

let api: TestApi;
let open: EventReader[] = [];

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
beforeEach(async () => {
  open = [];
  await api.rows('truncate webhook_events');
  await api.rows(`update installations set status = 'active'`);
});
afterEach(() => {
  for (const reader of open) reader.leave();
});

async function listen(headers: Record<string, string> = {}, ref = owner): Promise<EventReader> {
  const reader = await openEvents(`${api.url}/ui/webhooks/events`, { 'X-Addon-Token': api.mint.user(ref), ...headers });
  open.push(reader);
  return reader;
}

/** A reader who knows what there is, and is told what comes. */
async function listenFromNow(ref = owner): Promise<EventReader> {
  const reader = await listen({}, ref);
  expect(await reader.next()).toMatchObject({ type: 'reload', data: '{}' });
  return reader;
}

/** What a reader is told of these deliveries, in any number of events, until he was told of all. */
async function readStates(reader: EventReader, ids: readonly string[]) {
  const states = new Map<string, string>();
  let place = '';
  while (!ids.every((id) => states.has(id))) {
    const event = await reader.next();
    expect(event?.type).toBe('lines');
    const { lines } = JSON.parse(event?.data ?? '') as { lines: InboxLine[] };
    for (const { id, state } of lines) states.set(id, state);
    place = event?.lastEventId ?? '';
  }
  return { states: Object.fromEntries(states), place };
}

describe('a stream', () => {
  it('is one of events, and begins with the word to load what there is', async () => {
    const reader = await listen();
    expect(reader.response.headers.get('content-type')).toContain('text/event-stream');
    expect(await reader.next()).toEqual({
      type: 'reload',
      data: '{}',
      lastEventId: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    });
  });

  it('tells what comes and what changes, as the list tells it', async () => {
    const reader = await listenFromNow();
    const id = await addInboxRow(api, owner, { state: 'received' });
    expect((await readStates(reader, [id])).states).toEqual({ [id]: 'received' });
    await api.rows(`update webhook_events set state = 'parked' where id = ${id}`);
    const event = await reader.next();
    const answer = await api.send('/ui/webhooks', { headers: { 'X-Addon-Token': api.mint.user(owner) } });
    expect(JSON.parse(event?.data ?? '')).toEqual({ lines: answer.json()['lines'] });
  });

  it('tells each change once', async () => {
    const reader = await listenFromNow();
    const ids = [];
    for (let n = 0; n < 3; n += 1) {
      ids.push(await addInboxRow(api, owner));
      await readStates(reader, ids.slice(-1));
    }
    expect([...reader.text().matchAll(/"id":"(\d+)"/g)].map(([, id]) => id)).toEqual(ids);
  });

  it('tells nothing of another workspace', async () => {
    const [here, there] = [await listenFromNow(), await listenFromNow(elsewhere)];
    const own = await addInboxRow(api, owner);
    const foreign = await addInboxRow(api, elsewhere);
    expect((await readStates(here, [own])).states).toEqual({ [own]: 'processed' });
    expect((await readStates(there, [foreign])).states).toEqual({ [foreign]: 'processed' });
  });
});

describe('a reader who comes back', () => {
  it('is told what came and what changed meanwhile', async () => {
    const first = await listenFromNow();
    const changing = await addInboxRow(api, owner, { state: 'received' });
    const { place } = await readStates(first, [changing]);
    first.leave();
    await api.rows(`update webhook_events set state = 'processed' where id = ${changing}`);
    const missed = await addInboxRow(api, owner, { state: 'parked' });
    const second = await listen({ 'Last-Event-ID': place });
    expect((await readStates(second, [changing, missed])).states).toEqual({
      [changing]: 'processed',
      [missed]: 'parked',
    });
  });

  it('is told to load anew when that is too much, and goes on from there', async () => {
    const first = await listen();
    const place = (await first.next())?.lastEventId ?? '';
    first.leave();
    await Promise.all(Array.from({ length: 501 }, () => addInboxRow(api, owner)));
    const second = await listen({ 'Last-Event-ID': place });
    expect(await second.next()).toMatchObject({ type: 'reload' });
    const id = await addInboxRow(api, owner);
    expect((await readStates(second, [id])).states).toEqual({ [id]: 'processed' });
  });

  it.each(['unknown', '0', `2026-11-21'; drop table x`, 'x'.repeat(500)])(
    'from the place %j is told to load what there is',
    async (place) => {
      expect(await (await listen({ 'Last-Event-ID': place })).next()).toMatchObject({ type: 'reload' });
    },
  );
});

test('a stream ends when the add-on is switched off', async () => {
  const reader = await listenFromNow();
  await api.rows(`update installations set status = 'inactive'`);
  expect(await reader.next()).toMatchObject({ type: 'end', data: '{"code":"installation_inactive"}' });
  expect(await reader.next()).toBeUndefined();
});
