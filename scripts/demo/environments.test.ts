import { expect, test } from '@jest/globals';
import { loadConfig } from '../../src/platform/config.ts';
import { addonEnvironment, simulatorEnvironment } from './environments.ts';
import { demoPaths } from './state.ts';
import type { DemoState } from './state.ts';

const paths = demoPaths('/demo');
const state: DemoState = {
  profile: 'XS',
  encryptionKeys: `demo:${Buffer.alloc(32).toString('base64')}`,
  ports: { postgres: 1, temporal: 2, temporalUi: 3, simulator: 4, api: 5 },
};

test('the variables are a configuration the add-on accepts, bound to this machine', () => {
  const { CLOCKIFY_PUBLIC_KEYS: _documentedInstead, ...env } = addonEnvironment({
    state,
    paths,
    databaseUrl: 'postgresql://clockify_addon:x@127.0.0.1:1/clockify',
    temporalAddress: '127.0.0.1:2',
    publicKey: 'not used here',
    allowedApiDomains: ['http://127.0.0.1:4'],
  });
  expect(loadConfig(env)).toMatchObject({
    host: '127.0.0.1',
    port: 5,
    baseUrl: 'http://127.0.0.1:5',
    allowedApiDomains: ['http://127.0.0.1:4'],
    temporalAddress: '127.0.0.1:2',
    spoolDirectory: '/demo/spool',
  });
});

test('a variable of our own shell does not reach a part', () => {
  process.env['CLOCKIFY_JWKS_URL'] = 'https://elsewhere.example.com';
  try {
    expect(Object.keys(simulatorEnvironment(state, paths))).toEqual([
      'PATH',
      'HOME',
      'SIMULATOR_PORT',
      'SIMULATOR_PROFILE',
      'SIMULATOR_STATE',
    ]);
  } finally {
    delete process.env['CLOCKIFY_JWKS_URL'];
  }
});
