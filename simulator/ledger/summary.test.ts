import { describe, expect, it } from '@jest/globals';
import { createLedger, type Ledger } from './ledger.ts';
import { maxInWindow, summariseLedger } from './summary.ts';

function record(ledger: Ledger, fields: { path: string; query?: string; page?: string; status: number | null }) {
  const open = ledger.open('GET', fields.path, fields.query ?? '');
  open.enter('w1');
  Object.assign(open.entry, { operationId: 'getTags', page: fields.page ?? null, status: fields.status });
  return open;
}

describe('the most requests in any window', () => {
  it.each([
    ['an empty ledger', [], 0],
    ['requests far apart', [0, 2_000, 4_000], 1],
    ['a burst over the turn of a second', [900, 950, 1_000, 1_050, 2_500], 4],
    ['two requests exactly one window apart', [0, 1_000], 1],
  ])('is right for %s', (_name, instants, expected) => {
    const entries = instants.map((monotonicMs) => ({ monotonicMs }));
    expect(maxInWindow(entries, 1_000)).toBe(expected);
  });
});

describe('the summary', () => {
  it('counts verbs, statuses and operations of one workspace', () => {
    const ledger = createLedger();
    record(ledger, { path: '/a', status: 200 });
    record(ledger, { path: '/b', status: 429 });
    ledger.open('POST', '/elsewhere', '');

    const summary = summariseLedger(ledger, 'w1');

    expect(summary).toMatchObject({ requests: 2, verbs: { GET: 2 }, statuses: { 200: 1, 429: 1 } });
    expect(summary.operations).toEqual({ getTags: { 200: 1, 429: 1 } });
    expect(summariseLedger(ledger).requests).toBe(3);
  });

  it('names a page that was answered twice, but not one that was retried after a failure', () => {
    const ledger = createLedger();
    record(ledger, { path: '/tags', query: '?page=1', page: '1', status: 200 });
    record(ledger, { path: '/tags', query: '?page=1', page: '1', status: 200 });
    record(ledger, { path: '/tags', query: '?page=2', page: '2', status: 503 });
    record(ledger, { path: '/tags', query: '?page=2', page: '2', status: 200 });

    expect(summariseLedger(ledger).repeated).toEqual([
      { operationId: 'getTags', parentId: null, page: '1', path: '/tags', query: '?page=1', count: 2 },
    ]);
  });

  it('remembers how many requests were in flight at once', () => {
    const ledger = createLedger();
    const first = record(ledger, { path: '/a', status: 200 });
    const second = record(ledger, { path: '/b', status: 200 });
    first.close();
    second.close();
    record(ledger, { path: '/c', status: 200 }).close();

    expect(summariseLedger(ledger, 'w1').maxInFlight).toBe(2);
  });

  it('does not count a caller who left before the token was read', () => {
    const ledger = createLedger();
    const open = ledger.open('GET', '/a', '');
    open.close();
    open.enter('w1');

    expect(summariseLedger(ledger, 'w1')).toMatchObject({ requests: 1, maxInFlight: 0 });
  });

  it('lists undeclared paths once', () => {
    const ledger = createLedger();
    record(ledger, { path: '/nowhere', status: 404 }).entry.flag = 'undeclared';
    record(ledger, { path: '/nowhere', status: 404 }).entry.flag = 'undeclared';

    expect(summariseLedger(ledger).undeclared).toEqual(['GET /nowhere']);
  });

  it('forgets everything on reset', () => {
    const ledger = createLedger();
    record(ledger, { path: '/a', status: 200 }).close();
    ledger.reset();

    expect(summariseLedger(ledger)).toMatchObject({ requests: 0, maxInFlight: 0 });
  });
});
