import type { Blueprint } from './blueprint.ts';
import { currencyCodes, currencyId, rate } from './currencies.ts';
import { subscriptionOf } from './plans.ts';
import type { User } from './users.ts';
import { workspaceSettings } from './workspace-settings.ts';

/** The workspace as a single read shows it. */
export function buildWorkspace(
  blueprint: Blueprint,
  users: readonly User[],
  features: readonly string[],
  plan: string,
) {
  return {
    id: blueprint.workspaceId,
    name: `Simulated ${blueprint.profile}`,
    hourlyRate: rate(0, 'USD'),
    costRate: rate(0, 'USD'),
    memberships: users.flatMap((user) => user.memberships.slice(0, 1)),
    workspaceSettings: workspaceSettings(blueprint.zoneOf(0)),
    imageUrl: '',
    featureSubscriptionType: subscriptionOf(plan),
    features,
    currencies: currencyCodes.map((code) => ({ id: currencyId(blueprint, code), code, isDefault: code === 'USD' })),
    subdomain: { enabled: false, name: null },
    cakeOrganizationId: blueprint.id('organization', 0),
  };
}
