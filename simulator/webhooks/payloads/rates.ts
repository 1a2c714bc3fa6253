import { isRow } from '../../api/rows.ts';
import type { Row, World } from '../../world/types.ts';
import { amountOf, pick, rowsOf, type PayloadBuilder, type PayloadContext } from './fields.ts';

type RateField = 'hourlyRate' | 'costRate';

/** The body about a member's rate; the row is one with memberships, and its first member is the one meant. */
export function memberRate(field: RateField): PayloadBuilder {
  return (row, context) => rateBody(rowsOf(row, 'memberships')[0] ?? {}, field, context);
}

/** The body of a rate event; `modifiedEntity.targetId` is the project, or the workspace, of the membership. */
export function rateBody(membership: Row, field: RateField, { world, nowMs }: PayloadContext): Row {
  const rate = isRow(membership[field]) ? membership[field] : {};
  return {
    workspaceId: world.workspaceId,
    rateChangeSource: membership['membershipType'] === 'WORKSPACE' ? 'WORKSPACE_MEMBER' : 'PROJECT_MEMBER',
    modifiedEntity: {
      ...pick(membership, 'userId'),
      hourlyRate: amountOf(membership['hourlyRate']),
      costRate: amountOf(membership['costRate']),
      ...pick(membership, 'targetId', 'membershipType', 'membershipStatus'),
    },
    currency: currencyOf(world, rate['currency']),
    amount: rate['amount'] ?? 0,
    since: new Date(Math.floor(nowMs / 1000) * 1000).toISOString().replace('.000', ''),
  };
}

function currencyOf(world: World, code: unknown): Row {
  const currencies = rowsOf(world.list('workspace')[0] ?? {}, 'currencies');
  const currency = currencies.find((one) => one['code'] === code) ?? currencies[0] ?? {};
  return pick(currency, 'id', 'code');
}

interface RateChange {
  readonly membership: Row;
  readonly field: RateField;
}

/** The members whose rates differ between two states of a project or user. */
export function findRateChanges(before: Row, after: Row): readonly RateChange[] {
  const earlier = new Map(rowsOf(before, 'memberships').map((one) => [nameOf(one), one]));
  return rowsOf(after, 'memberships').flatMap((membership) => {
    const known = earlier.get(nameOf(membership));
    if (known === undefined) return [];
    const fields: readonly RateField[] = ['hourlyRate', 'costRate'];
    return fields
      .filter((field) => JSON.stringify(known[field]) !== JSON.stringify(membership[field]))
      .map((field) => ({ membership, field }));
  });
}

/** Whether two states of a project or user are the same but for the rates of members. */
export function differInRatesOnly(before: Row, after: Row): boolean {
  return JSON.stringify(withoutRates(before)) === JSON.stringify(withoutRates(after));
}

function withoutRates(row: Row): Row {
  const memberships = rowsOf(row, 'memberships').map((one) => ({ ...one, hourlyRate: null, costRate: null }));
  return { ...row, memberships };
}

function nameOf(membership: Row): string {
  return `${String(membership['userId'])}:${String(membership['targetId'])}`;
}
