interface HookCaps {
  readonly perUser: number;
  readonly perWorkspace: number;
}

const paid: HookCaps = { perUser: 10, perWorkspace: 100 };
const free: HookCaps = { perUser: 3, perWorkspace: 3 };
const capsByPlan: Readonly<Record<string, HookCaps>> = {
  BASIC: paid,
  STANDARD: paid,
  PRO: paid,
  ENTERPRISE: { perUser: 100, perWorkspace: 300 },
};

/** How many webhooks the API makes on a plan, those of manifests aside. */
export function hookCaps(plan: string): HookCaps {
  return capsByPlan[plan] ?? free;
}
