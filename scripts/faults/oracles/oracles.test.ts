import { describe, expect, it } from '@jest/globals';
import { tokenDigest } from '../../../simulator/ledger/ledger.ts';
import type { LedgerEntry } from '../../../simulator/ledger/ledger.ts';
import type { LedgerSummary } from '../../../simulator/ledger/summary.ts';
import type { Acceptance } from '../fault-row.ts';
import type { LifecycleRecord } from '../lifecycle-calls.ts';
import type { RunRow } from '../run-reader.ts';
import type { Scene } from '../scene.ts';
import type { Watch } from '../watch.ts';
import { judgeApi } from './api.ts';
import { judgeEnd } from './end.ts';
import { judgeLedger } from './ledger.ts';
import { judgeLifecycle } from './lifecycle.ts';
import type { Evidence, Oracle } from './oracle.ts';
import { judgeTokens } from './tokens.ts';
import { judgeWebhooks } from './webhooks.ts';

interface Given {
  readonly accept?: Acceptance;
  readonly calls?: readonly Partial<LifecycleRecord>[];
  /** What Postgres answers to whatever it is asked. */
  readonly rows?: readonly object[];
  readonly runs?: readonly Partial<RunRow>[];
  readonly requests?: readonly Partial<LedgerEntry>[];
  readonly ledger?: Partial<LedgerSummary>;
  readonly watch?: Partial<Watch>;
  /** Of one webhook. */
  readonly deliveries?: readonly object[];
}

const evidenceOf = ({
  accept = {},
  calls = [],
  rows = [],
  runs = [],
  requests = [],
  ledger,
  watch,
  deliveries = [],
}: Given): Evidence => ({
  accept,
  disturbed: { from: 1_000, to: 2_000 },
  ledgers: [{ maxInAnySecond: 48, repeated: [], ...ledger } as unknown as LedgerSummary],
  watch: { refusals: [], setbacks: [], stop: () => Promise.resolve(), ...watch },
  scene: {
    calls,
    runs: () => Promise.resolve(runs),
    workspaceId: 'w1',
    stack: {
      rows: () => Promise.resolve(rows),
      simulator: {
        requests: () => requests,
        hooks: () => [{ hook: { id: 'h1' } }],
        deliveries: () => deliveries,
      },
    },
  } as unknown as Scene,
});

const judge = (oracle: Oracle, given: Given) => oracle(evidenceOf(given));

const page = {
  operationId: 'getTags',
  parentId: null,
  page: '2',
  path: '/tags',
  query: '?page=2&page-size=40',
  count: 2,
};

describe('the ledger', () => {
  it.each<[string, Given, object]>([
    ['is kept at fifty a second', { ledger: { maxInAnySecond: 50 } }, { refetched: 0, breaches: [] }],
    ['names more', { ledger: { maxInAnySecond: 51 } }, { breaches: ['51 requests within one second'] }],
    [
      'allows pages in flight',
      { ledger: { repeated: [page] }, accept: { refetched: 1 } },
      { refetched: 1, breaches: [] },
    ],
    [
      'names pages that were read again without a cause',
      { ledger: { repeated: [page] } },
      { refetched: 1, breaches: ['1 pages read again (getTags page 2), 0 allowed'] },
    ],
    [
      'leaves out the self-test of an install',
      {
        ledger: {
          repeated: [
            { ...page, query: '?page=1&page-size=1' },
            { ...page, page: null },
            { ...page, operationId: 'getAddonWebhooks' },
          ],
        },
      },
      { refetched: 0, breaches: [] },
    ],
  ])('%s', async (_name, given, expected) => {
    expect(await judge(judgeLedger, given)).toMatchObject(expected);
  });
});

describe('lifecycle calls', () => {
  const installed = { event: 'INSTALLED', addonId: 'a1', status: 204, leaves: 'active' } as const;
  const removed = { event: 'DELETED', addonId: 'a1', status: 204, leaves: 'deleted' } as const;
  const row = (status: string) => [{ addonId: 'a1', status }];

  it.each<[string, Given, readonly string[]]>([
    ['an accepted install is there', { calls: [installed], rows: row('active') }, []],
    [
      'an accepted install that is not there is lost',
      { calls: [installed] },
      ['INSTALLED was accepted, and the installation is gone'],
    ],
    ['a refused install may be missing', { calls: [{ ...installed, status: 503 }] }, []],
    ['one without an answer may be missing', { calls: [{ ...installed, status: null }] }, []],
    ['the newest call decides', { calls: [installed, removed], rows: row('delete_pending') }, []],
    [
      'an accepted removal without effect is lost',
      { calls: [installed, removed], rows: row('active') },
      ['DELETED was accepted, and the installation is active'],
    ],
    [
      'what another installation replaced may be gone',
      { calls: [{ ...installed, addonId: 'a0' }, installed], rows: row('active') },
      [],
    ],
  ])('%s', async (_name, given, breaches) => {
    expect(await judge(judgeLifecycle, given)).toEqual({ lost: breaches.length, breaches });
  });
});

describe('the token of a removed installation', () => {
  const calls = [
    { event: 'INSTALLED', addonId: 'a1', status: 204, leaves: 'active', token: 'secret', at: 0 },
    { event: 'DELETED', addonId: 'a1', status: 204, leaves: 'deleted', at: 5_000 },
  ] as const;
  const requests = (count: number, more: Partial<LedgerEntry> = {}) =>
    Array.from({ length: count }, () => ({
      at: 6_000,
      tokenDigest: tokenDigest('secret'),
      operationId: 'getTags',
      ...more,
    }));

  it.each<[string, Given, number]>([
    ['may finish what is in flight', { calls, requests: requests(8) }, 0],
    ['may not be used on', { calls, requests: requests(9) }, 1],
    ['may be tried whether it lives', { calls, requests: requests(20, { operationId: 'getWorkspaceOfUser' }) }, 0],
    ['could be used before', { calls, requests: requests(20, { at: 4_000 }) }, 0],
    ['is not that of another installation', { calls, requests: requests(20, { tokenDigest: 'other' }) }, 0],
    [
      'lives when the call was forged',
      { calls: [calls[0], { ...calls[1], leaves: 'active' }], requests: requests(20) },
      0,
    ],
  ])('%s', async (_name, given, count) => {
    expect((await judge(judgeTokens, given)).breaches).toHaveLength(count);
  });
});

describe('the API', () => {
  const refusals = [{ at: 1_500, answer: '503 storage_unavailable' }];

  it.each<[string, Given, readonly string[]]>([
    ['refuses nothing', {}, []],
    ['may refuse while a dependency is away', { watch: { refusals }, accept: { mayRefuse: true } }, []],
    ['may not refuse while all is well', { watch: { refusals } }, ['the API answered 503 storage_unavailable']],
    [
      'may not refuse any longer than that',
      { watch: { refusals: [{ at: 2_001, answer: '503' }] }, accept: { mayRefuse: true } },
      ['the API answered 503'],
    ],
    ['shows numbers that grow', { watch: { setbacks: ['requests fell from 2 to 1'] } }, ['requests fell from 2 to 1']],
  ])('%s', async (_name, given, breaches) => {
    expect(await judge(judgeApi, given)).toEqual({ breaches });
  });
});

describe('the end of a run', () => {
  const completed = [{ status: 'COMPLETED' }] as const;

  it.each<[string, Given, readonly string[]]>([
    ['is complete', { runs: completed }, []],
    ['is another', { runs: [{ status: 'FAILED' }] }, ['the run ended as FAILED']],
    ['may be another', { runs: [{ status: 'CANCELLED' }], accept: { ends: ['CANCELLED'] } }, []],
    ['is missing', {}, ['there is no run']],
    ['is not wanted', { runs: completed, accept: { ends: 'none' } }, ['there is a run']],
    ['is left open', { runs: [{ status: 'RUNNING' }], accept: { ends: 'open' } }, []],
  ])('%s', async (_name, given, breaches) => {
    expect(await judge(judgeEnd, given)).toEqual({ breaches });
  });
});

describe('deliveries', () => {
  const delivery = (changes: object = {}) => ({
    hookId: 'h1',
    event: 'TAG_UPDATED',
    bodySha256: 'aa',
    attempts: [{ status: null }, { status: 200 }],
    ...changes,
  });
  const stored = (state: string, count = 0) => [{ key: 'TAG_UPDATED:aa', state, count }];
  const lost = ['1 of 1 deliveries answered 2xx are not stored'];

  it.each<[string, Given, readonly string[]]>([
    ['are stored and processed', { deliveries: [delivery()], rows: stored('processed') }, []],
    ['may be put aside', { deliveries: [delivery()], rows: stored('quarantined') }, []],
    ['are lost when they were answered 2xx and are not there', { deliveries: [delivery()] }, lost],
    [
      'are lost when another event has the same body',
      { deliveries: [delivery({ event: 'NEW_TAG' })], rows: stored('processed') },
      lost,
    ],
    ['may be missing when none was answered 2xx', { deliveries: [delivery({ attempts: [{ status: 503 }] })] }, []],
    [
      'may be missing when they were answered in a time that the database forgot',
      {
        deliveries: [delivery({ attempts: [{ status: 200, at: 5 }] })],
        accept: { forgotten: () => ({ from: 5, to: 9 }) },
      },
      [],
    ],
    [
      'may not when they were answered before or after it as well',
      {
        deliveries: [
          delivery({
            attempts: [
              { status: 200, at: 4 },
              { status: 200, at: 5 },
            ],
          }),
        ],
        accept: { forgotten: () => ({ from: 5, to: 9 }) },
      },
      lost,
    ],
    ['may be gone with their installation', { deliveries: [delivery({ hookId: 'h0' })] }, []],
    [
      'may not wait for ever',
      { deliveries: [delivery()], rows: stored('received') },
      ['1 stored deliveries were not processed: received'],
    ],
    [
      'may not be given up',
      { deliveries: [delivery()], rows: stored('parked') },
      ['1 stored deliveries were not processed: parked'],
    ],
    ['take effect once', { deliveries: [delivery()], rows: stored('processed', 2) }, ['2 changes took effect twice']],
    ['are not judged of what is left as it is', { deliveries: [delivery()], accept: { ends: 'open' } }, []],
  ])('%s', async (_name, given, breaches) => {
    expect((await judge(judgeWebhooks, given)).breaches).toEqual(breaches);
  });
});
