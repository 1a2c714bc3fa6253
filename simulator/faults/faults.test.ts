import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startInstalled, type Installed } from '../test-support/installed.ts';
import type { Row } from '../world/types.ts';
import type { Fault } from './types.ts';

let installed: Installed;

beforeAll(async () => {
  installed = await startInstalled({ profile: 'S', seed: 7 });
});
afterAll(() => installed.close());
beforeEach(() => {
  installed.simulator.clearFaults(installed.install.workspaceId);
  installed.simulator.resetLedger();
});

function arm(fault: Fault): void {
  installed.simulator.addFault(installed.install.workspaceId, fault);
}

async function page(number: number, size = 10) {
  const response = await installed.get(`/projects?page=${number}&page-size=${size}`);
  const body = (await response.json()) as Row[];
  return { ids: body.map((row) => row['id']), lastPage: response.headers.get('last-page') };
}

const truth = () => installed.simulator.rows(installed.install.workspaceId, 'projects').map((row) => row['id']);

describe('faults that answer in the place of the platform', () => {
  it.each<[string, Fault, number, Record<string, unknown>]>([
    ['a rate limit without a hint', { kind: 'rate-limit' }, 429, { 'retry-after': null }],
    ['one in seconds', { kind: 'rate-limit', retryAfterSeconds: 30 }, 429, { 'retry-after': '30' }],
    ['one that lies in the past', { kind: 'rate-limit', retryAfterSeconds: -5 }, 429, { 'retry-after': '-5' }],
    [
      'one by date',
      { kind: 'rate-limit', retryAfterSeconds: 30, asDate: true },
      429,
      { 'retry-after': expect.stringMatching(/GMT$/) },
    ],
    ['a server error', { kind: 'status', status: 500 }, 500, {}],
    ['a bad gateway', { kind: 'status', status: 502 }, 502, {}],
    ['an unavailable service', { kind: 'status', status: 503 }, 503, {}],
    ['a gateway timeout', { kind: 'status', status: 504 }, 504, {}],
    ['a page of HTML as success', { kind: 'html', status: 200 }, 200, { 'content-type': 'text/html' }],
    ['a page of HTML as error', { kind: 'html', status: 502 }, 502, { 'content-type': 'text/html' }],
    ['a feature to be paid for', { kind: 'feature-gated', status: 402 }, 402, {}],
    ['a feature switched off', { kind: 'feature-gated', status: 403 }, 403, {}],
  ])('%s', async (_name, fault, status, headers) => {
    arm(fault);
    const response = await installed.get('/projects');
    await response.arrayBuffer();

    expect(response.status).toBe(status);
    for (const [name, value] of Object.entries(headers)) expect(response.headers.get(name)).toEqual(value);
  });

  it('a revoked token has code 4017, a missing scope has none', async () => {
    arm({ kind: 'token-revoked', times: 1 });
    arm({ kind: 'scope-missing', operationId: 'getProjects' });

    expect(await (await installed.get('/projects')).json()).toMatchObject({ code: 4017 });
    const second = await installed.get('/projects');
    expect(second.status).toBe(401);
    expect(await second.json()).not.toHaveProperty('code');
    expect((await installed.get('/tags')).status).toBe(200);
  });
});

describe('faults of the connection', () => {
  it('reset before the headers', async () => {
    arm({ kind: 'reset', at: 'headers' });

    await expect(installed.get('/projects')).rejects.toThrow();
    expect(installed.simulator.ledger().statuses).toEqual({ none: 1 });
  });

  it.each<Fault>([{ kind: 'reset', at: 'body' }, { kind: 'wrong-length' }])('%j breaks off the body', async (fault) => {
    arm(fault);
    const response = await installed.get('/projects');

    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('truncates JSON inside a well-formed answer', async () => {
    arm({ kind: 'truncated-json' });
    const response = await installed.get('/projects');

    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toMatchObject({ name: 'SyntaxError' });
  });

  it('hangs before the headers until the caller gives up', async () => {
    arm({ kind: 'hang', at: 'headers' });
    const { workspaceId, installationToken } = installed.install;
    const caller = new AbortController();
    const pending = fetch(`${installed.simulator.url}/api/v1/workspaces/${workspaceId}/tags`, {
      headers: { 'x-addon-token': installationToken },
      signal: caller.signal,
    });
    const settled = expect(pending).rejects.toThrow();
    while (installed.simulator.ledger().requests === 0) await new Promise(setImmediate);
    caller.abort();

    await settled;
  });

  it('hangs in the middle of the body', async () => {
    arm({ kind: 'hang', at: 'body' });
    const response = await installed.get('/projects');
    const reader = response.body?.getReader();

    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    await reader?.cancel();
  });

  it('trickles', async () => {
    arm({ kind: 'slow-body', bytesPerSecond: 100_000 });

    expect((await page(1)).ids).toEqual(truth().slice(0, 10));
  });

  it('comes late', async () => {
    arm({ kind: 'latency', ms: 20, jitterMs: 5 });

    expect((await page(1)).ids).toEqual(truth().slice(0, 10));
  });
});

describe('faults of paging', () => {
  it('caps the size in steps without a word', async () => {
    arm({
      kind: 'page-size-cap',
      steps: [
        { after: 0, size: 8 },
        { after: 1, size: 5 },
      ],
    });

    expect((await page(1)).ids).toEqual(truth().slice(0, 8));
    expect((await page(2)).ids).toEqual(truth().slice(5, 10));
  });

  it('caps the size by refusing larger ones', async () => {
    arm({ kind: 'page-size-cap', steps: [{ after: 0, size: 5 }], refuse: true });

    expect((await installed.get('/projects?page-size=6')).status).toBe(400);
    expect((await page(1, 5)).ids).toHaveLength(5);
  });

  it('ignores the page', async () => {
    arm({ kind: 'page-ignored' });

    expect((await page(3)).ids).toEqual(truth().slice(0, 10));
  });

  it('repeats one page', async () => {
    arm({ kind: 'page-repeated', page: 2 });

    expect((await page(2)).ids).toEqual(truth().slice(0, 10));
    expect((await page(3)).ids).toEqual(truth().slice(20, 30));
  });

  it('empties one page in the middle', async () => {
    arm({ kind: 'page-empty', page: 2 });

    expect(await page(2)).toEqual({ ids: [], lastPage: 'false' });
    expect((await page(3)).ids).toHaveLength(10);
  });

  it.each([true, false])('claims Last-Page: %s on every page', async (claim) => {
    arm({ kind: 'last-page-lies', claim });

    expect([(await page(1)).lastPage, (await page(1, 5000)).lastPage]).toEqual([String(claim), String(claim)]);
  });

  it('hides rows that still count', async () => {
    arm({ kind: 'rows-hidden', every: 5 });
    const body = (await (await installed.get('/invoices?page-size=10')).json()) as { invoices: Row[]; total: number };

    expect(body.invoices).toHaveLength(8);
    expect(body.total).toBe(installed.simulator.rows(installed.install.workspaceId, 'invoices').length);
  });

  it('repeats rows of the page before', async () => {
    arm({ kind: 'rows-duplicated', rows: 2 });

    expect((await page(1)).ids).toEqual(truth().slice(0, 10));
    expect((await page(2)).ids).toEqual(truth().slice(8, 20));
  });

  it.each([
    ['/projects', (body: unknown) => Array.isArray((body as { data: unknown }).data)],
    ['/invoices', (body: unknown) => Array.isArray(body)],
  ])('answers %s in a wrong envelope', async (path, isWrong) => {
    arm({ kind: 'wrong-envelope' });

    expect(isWrong(await (await installed.get(path)).json())).toBe(true);
  });
});

describe('churn', () => {
  it('inserts and removes rows in turn until it is spent', async () => {
    const before = truth();
    arm({ kind: 'churn', entity: 'projects', perSecond: 1_000, times: 4 });
    while (installed.simulator.listFaults(installed.install.workspaceId).length > 0) await new Promise(setImmediate);

    const after = truth();

    expect(after).toHaveLength(before.length);
    expect(after.filter((id) => !before.includes(id))).toHaveLength(2);
  });

  it('changes nested rows below their parents', async () => {
    const tasks = () => installed.simulator.rows(installed.install.workspaceId, 'tasks').map((row) => row['id']);
    const before = tasks();
    arm({ kind: 'churn', entity: 'tasks', perSecond: 1_000, times: 1 });
    while (installed.simulator.listFaults(installed.install.workspaceId).length > 0) await new Promise(setImmediate);

    expect(tasks()).toHaveLength(before.length + 1);
  });
});

it.each([3_600, -3_600])('a clock that is %i seconds ahead shows in the Date header alone', async (seconds) => {
  arm({ kind: 'clock-skew', seconds, times: 1 });
  const skewOf = async () => {
    const { headers } = await installed.get('/tags');
    return Math.round((Date.parse(headers.get('date') ?? '') - Date.now()) / 60_000);
  };

  expect(await skewOf()).toBe(seconds / 60);
  expect(await skewOf()).toBeCloseTo(0);
});
