import { expect, test } from '@jest/globals';
import { loadConfig } from '../../src/platform/config.ts';
import { hostsOfOrigin, hostsOfRegion, isRegion, regions } from './regions.ts';

test.each([
  ['global', 'https://api.clockify.me/api/v1', 'https://reports.api.clockify.me/v1'],
  ['euc1', 'https://euc1.clockify.me/api/v1', 'https://euc1.clockify.me/report/v1'],
  ['use2', 'https://use2.clockify.me/api/v1', 'https://use2.clockify.me/report/v1'],
  ['euw2', 'https://euw2.clockify.me/api/v1', 'https://euw2.clockify.me/report/v1'],
  ['apse2', 'https://apse2.clockify.me/api/v1', 'https://apse2.clockify.me/report/v1'],
  ['developer', 'https://developer.clockify.me/api/v1', 'https://developer.clockify.me/report/v1'],
] as const)('%s has the documented bases, and only their hosts may be called', (region, apiUrl, reportsUrl) => {
  const hosts = hostsOfRegion(region);
  expect(hosts).toMatchObject({ apiUrl, reportsUrl });
  expect(new Set(hosts.allowedDomains)).toEqual(new Set([apiUrl, reportsUrl].map((url) => new URL(url).host)));
});

test('every region that is offered is known, and no other', () => {
  expect(regions.every(isRegion)).toBe(true);
  expect(isRegion('mars')).toBe(false);
});

test.each([...regions.map((region) => hostsOfRegion(region)), hostsOfOrigin('http://127.0.0.1:4010')])(
  'the add-on accepts $allowedDomains as its setting',
  ({ allowedDomains }) => {
    const env = {
      BASE_URL: 'http://127.0.0.1:8010',
      ADDON_KEY: 'key',
      DATABASE_URL: 'postgresql://a:b@127.0.0.1/c',
      TOKEN_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
      CLOCKIFY_ALLOWED_API_DOMAINS: allowedDomains.join(','),
    };
    expect(loadConfig(env).allowedApiDomains).toEqual(allowedDomains);
  },
);
