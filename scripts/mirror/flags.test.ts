import { describe, expect, it, test } from '@jest/globals';
import { parseFlags, usage } from './flags.ts';

const now = new Date('2026-11-21T10:00:00Z');
const workspace = '655aa1800000000c08000000';

test('without arguments the person chooses, of all time, in the global region', () => {
  expect(parseFlags([], now)).toEqual({
    workspace: undefined,
    region: 'global',
    apiUrl: undefined,
    timeEntryDays: undefined,
    yes: false,
    stay: false,
    remove: false,
    data: undefined,
  });
});

test('every option is understood', () => {
  const args = ['--workspace', workspace, '--region=euc1', '--since', '2026-11-01', '--yes', '--stay', '--remove'];
  expect(parseFlags([...args, '--data', '/tmp/copy', '--api-url=http://127.0.0.1:4010/'], now)).toEqual({
    workspace,
    region: 'euc1',
    apiUrl: 'http://127.0.0.1:4010',
    timeEntryDays: 21,
    yes: true,
    stay: true,
    remove: true,
    data: '/tmp/copy',
  });
});

describe('--since', () => {
  it.each([
    ['2026-11-21', 1],
    ['2026-11-20', 2],
    ['2025-11-21', 366],
  ])('%s reaches back %i day(s), its own included', (since, days) => {
    expect(parseFlags(['--since', since], now).timeEntryDays).toBe(days);
  });

  it.each(['2026-11-22', '2026-02-30', '21.11.2026', '2026-1-1', '1900-01-01', ''])('%j is refused', (since) => {
    expect(() => parseFlags([`--since=${since}`], now)).toThrow('--since is not a past day');
  });
});

describe('--api-url', () => {
  it.each(['http://localhost:4010', 'http://[::1]:4010'])('%s is on this machine', (origin) => {
    expect(parseFlags(['--api-url', origin]).apiUrl).toBe(origin);
  });

  it.each([
    'https://api.clockify.me',
    'http://192.168.0.7:4010',
    'http://127.0.0.1.example.com',
    'http://user@127.0.0.1:4010',
    'http://127.0.0.1:4010/api/v1',
    'http://127.0.0.1:4010/?x=1',
    'file:///etc/passwd',
    '127.0.0.1:4010',
  ])('%s is refused: the key must not leave the machine', (origin) => {
    expect(() => parseFlags(['--api-url', origin])).toThrow('only for a simulator on this machine');
  });
});

test.each([
  [['--region', 'mars'], '--region is one of global, euc1, use2, euw2, apse2, developer.'],
  [['--workspace', 'Acme'], '--workspace is not an id.'],
  [['--api-key=s3cret'], 'The API key is taken from CLOCKIFY_API_KEY alone.'],
  [['--key', 's3cret'], 'The API key is taken from CLOCKIFY_API_KEY alone.'],
  [['s3cret'], 'The API key is taken from CLOCKIFY_API_KEY alone.'],
  [['--yes=s3cret'], 'The API key is taken from CLOCKIFY_API_KEY alone.'],
])('%j is refused with the usage, and not quoted', (args, sentence) => {
  expect(() => parseFlags(args)).toThrow(`${sentence}\n\n${usage}`);
  expect(() => parseFlags(args)).not.toThrow('s3cret');
});
