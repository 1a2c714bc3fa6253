import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startInstalled, type Installed } from '../test-support/installed.ts';
import type { Row } from '../world/types.ts';

const start = Date.parse('2026-11-21T10:00:00Z');
const dayMs = 24 * 3_600_000;

let installed: Installed;
let nowMs: number;

beforeEach(async () => {
  nowMs = start;
  installed = await startInstalled({ profile: 'XS', seed: 5 }, { now: () => nowMs });
});
afterEach(() => installed.close());

const mutate = (mutation: Parameters<typeof installed.simulator.mutate>[1]) =>
  installed.simulator.mutate(installed.install.workspaceId, mutation);
const setFeeds = (feeds: Parameters<typeof installed.simulator.setFeeds>[1]) =>
  installed.simulator.setFeeds(installed.install.workspaceId, feeds);
const addTags = (insert: number) => mutate({ entity: 'tags', insert }).inserted;
const rename = (key = '') => mutate({ entity: 'tags', update: [{ key, fields: { name: `at ${nowMs}` } }] });
const someTag = () => String(installed.simulator.rows(installed.install.workspaceId, 'tags')[0]?.['id']);

async function idsIn(feed: 'created' | 'updated' | 'deleted', query = 'type=TAGS'): Promise<unknown[]> {
  const body = (await (await installed.get(`/entities/${feed}?${query}`)).json()) as Row[] | { response: Row[] };
  return ('response' in body ? body.response : body).map((row) => row['id']);
}

const instant = (ms: number) => new Date(ms).toISOString().replace('.000', '');

describe('a window', () => {
  it('reaches back 30 days unless it is named', async () => {
    const [id] = addTags(1);
    nowMs += 30 * dayMs;
    expect(await idsIn('created')).toEqual([id]);
    nowMs += 1_000;
    expect(await idsIn('created')).toEqual([]);
    expect(await idsIn('created', `type=TAGS&start=${instant(start)}`)).toEqual([id]);
    expect(await idsIn('created', `type=TAGS&start=${instant(start)}&end=${instant(start - 1_000)}`)).toEqual([]);
  });

  it('shows nothing of what came to be and changed in it, and both in windows of their own', async () => {
    const [id] = addTags(1);
    nowMs += 60_000;
    rename(id);
    const between = instant(start + 30_000);

    expect([await idsIn('created'), await idsIn('updated')]).toEqual([[], []]);
    expect(await idsIn('created', `type=TAGS&end=${between}`)).toEqual([id]);
    expect(await idsIn('updated', `type=TAGS&start=${between}`)).toEqual([id]);
  });

  it('shows the last of several changes', async () => {
    const id = someTag();
    rename(id);
    nowMs += 1_000;
    rename(id);

    const response = await installed.get('/entities/updated?type=TAGS');
    expect(await response.json()).toMatchObject([{ id, name: `at ${nowMs}` }]);
  });

  it('shows a change until the deletion after it shows, a minute late', async () => {
    const id = someTag();
    rename(id);
    mutate({ entity: 'tags', remove: [id] });

    expect([await idsIn('updated'), await idsIn('deleted')]).toEqual([[id], []]);
    nowMs += 60_000;
    expect([await idsIn('updated'), await idsIn('deleted')]).toEqual([[], [id]]);
  });

  it('takes the minute for shorter where the platform runs faster', async () => {
    installed.simulator.setWebhooks(installed.install.workspaceId, { speed: 60 });
    const id = someTag();
    mutate({ entity: 'tags', remove: [id] });
    nowMs += 1_000;

    expect(await idsIn('deleted')).toEqual([id]);
  });
});

describe('types', () => {
  it('are needed, may be several, and must be known', async () => {
    const [tag] = addTags(1);
    const [client] = mutate({ entity: 'clients', insert: 1 }).inserted;

    expect(await (await installed.get('/entities/created')).json()).toMatchObject({ code: 3001 });
    expect((await installed.get('/entities/created?type=PLANETS')).status).toBe(400);
    expect(await idsIn('created', 'type=TAGS&type=CLIENTS')).toEqual([tag, client]);
    expect(await idsIn('created', 'type=PROJECTS')).toEqual([]);
  });
});

it('pages count from 0 and are cut by limit', async () => {
  const ids = addTags(5);

  expect(await idsIn('created', 'type=TAGS&page=0&limit=2')).toEqual(ids.slice(0, 2));
  expect(await idsIn('created', 'type=TAGS&page=2&limit=2')).toEqual(ids.slice(4));
  expect(await idsIn('created', 'type=TAGS&page=3&limit=2')).toEqual([]);
});

describe('switches', () => {
  it.each(['created', 'updated', 'deleted'])('refuse %s', async (feed) => {
    setFeeds({ answer: 'refused' });
    const response = await installed.get(`/entities/${feed}?type=TAGS`);

    expect([response.status, await response.json()]).toEqual([401, { message: 'API is not accessible' }]);
  });

  it('leave the feeds empty, and fill them again', async () => {
    const ids = addTags(2);
    setFeeds({ answer: 'empty' });
    expect(await idsIn('created')).toEqual([]);

    setFeeds({ answer: 'faithful' });
    expect(await idsIn('created')).toEqual(ids);
  });

  it('lose a share of the changes, always the same ones', async () => {
    const ids = addTags(100);
    setFeeds({ loss: 0.3 });
    const seen = await idsIn('created', 'type=TAGS&limit=200');

    expect(seen.length).toBeGreaterThan(40);
    expect(seen.length).toBeLessThan(90);
    expect(await idsIn('created', 'type=TAGS&limit=200')).toEqual(seen);
    expect(ids).toEqual(expect.arrayContaining(seen));
  });

  it('answer deletions as a bare list', async () => {
    setFeeds({ deletions: 'bare' });
    const id = someTag();
    mutate({ entity: 'tags', remove: [id] });
    nowMs += 60_000;

    expect(await (await installed.get('/entities/deleted?type=TAGS')).json()).toMatchObject([{ id }]);
  });
});
