import type { CheckName, CheckResult } from '../../domain/diagnosis.ts';

export const checkWords = {
  token: 'Token',
  host: 'Region and host',
  scopes: 'Permissions',
  plan: 'Plan',
  features: 'Features',
  limits: 'Limits',
  webhooks: 'Webhooks',
  clock: 'Clock',
} as const satisfies Record<CheckName, string>;

export const checkStateWords = {
  ok: 'All right',
  warning: 'Worth a look',
  failed: 'Has to be fixed',
  unknown: 'Not looked at',
} as const satisfies Record<CheckResult['state'], string>;
