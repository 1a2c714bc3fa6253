import { judgeHost, judgeScopes, judgeToken } from './diagnose-access.ts';
import { judgeClock, judgeFeatures, judgeLimits, judgePlan } from './diagnose-workspace.ts';
import { judgeWebhooks } from './diagnose-webhooks.ts';
import type { CheckName, CheckResult } from './diagnosis.ts';
import { checkNames } from './diagnosis.ts';
import type { DiagnosisFacts } from './diagnosis-facts.ts';

const judges = {
  token: judgeToken,
  host: judgeHost,
  scopes: judgeScopes,
  plan: judgePlan,
  features: judgeFeatures,
  limits: judgeLimits,
  webhooks: judgeWebhooks,
  clock: judgeClock,
} satisfies Record<CheckName, (facts: DiagnosisFacts) => CheckResult>;

/** What the facts mean, check by check, in the order they are shown. */
export const diagnose = (facts: DiagnosisFacts): CheckResult[] => checkNames.map((check) => judges[check](facts));
