import { judgeApi } from './oracles/api.ts';
import { judgeLedger } from './oracles/ledger.ts';
import { judgeLifecycle } from './oracles/lifecycle.ts';
import { judgeMirror } from './oracles/mirror.ts';
import type { Evidence, Finding, Oracle } from './oracles/oracle.ts';
import { judgeQuiet } from './oracles/quiet.ts';
import { judgeTokens } from './oracles/tokens.ts';
import { judgeWorkflows } from './oracles/workflows.ts';
import { judgeWebhooks } from './oracles/webhooks.ts';
import { judgeEnd } from './oracles/end.ts';

const oracles: readonly Oracle[] = [
  judgeEnd,
  judgeLifecycle,
  judgeMirror,
  judgeWebhooks,
  judgeLedger,
  judgeTokens,
  judgeApi,
  judgeWorkflows,
  judgeQuiet,
];

/** The sum of what all oracles found. */
export async function judge(evidence: Evidence): Promise<Required<Finding>> {
  const findings = await Promise.all(oracles.map((oracle) => oracle(evidence)));
  const own = (await evidence.accept.check?.(evidence.scene)) ?? [];
  const sum = (count: 'lost' | 'duplicated' | 'refetched'): number =>
    findings.reduce((total, finding) => total + (finding[count] ?? 0), 0);
  return {
    lost: sum('lost'),
    duplicated: sum('duplicated'),
    refetched: sum('refetched'),
    breaches: [...findings.flatMap(({ breaches }) => breaches), ...own],
  };
}
