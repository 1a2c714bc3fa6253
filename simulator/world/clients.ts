import type { Blueprint } from './blueprint.ts';
import { currencyId, currencyOf } from './currencies.ts';
import { awkwardNames, companyName } from './names.ts';

/** The archived client that still has an active project. */
export const archivedClientIndex = 2;

const fixedNames: Readonly<Record<number, string>> = {
  4: awkwardNames.arabic,
  5: awkwardNames.emoji,
  6: awkwardNames.quoted,
};

export type Client = ReturnType<typeof buildClient>;

export function buildClient(blueprint: Blueprint, index: number) {
  const random = blueprint.random('client', index);
  const code = currencyOf(index);
  const name = fixedNames[index] ?? `${companyName(random)} ${index}`;
  return {
    id: blueprint.id('clients', index),
    name,
    email: random.chance(0.6) ? `billing@client${index}.example` : null,
    workspaceId: blueprint.workspaceId,
    archived: index % 5 === archivedClientIndex,
    address: random.chance(0.5) ? `${random.int(1, 200)} High Street` : null,
    note: random.chance(0.2) ? 'Invoices on the first of the month' : null,
    currencyCode: code,
    currencyId: currencyId(blueprint, code),
    ccEmails: random.chance(0.2) ? [`office@client${index}.example`] : null,
  };
}
