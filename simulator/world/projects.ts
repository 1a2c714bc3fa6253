import type { Blueprint } from './blueprint.ts';
import { formatDuration, hourMs } from './calendar.ts';
import { archivedClientIndex, type Client } from './clients.ts';
import { rate } from './currencies.ts';
import { awkwardNames, color, workName } from './names.ts';

const ofArchivedClient = 1;
const withoutClient = 3;

const fixedNames: Readonly<Record<number, string>> = {
  4: awkwardNames.emoji,
  5: awkwardNames.hebrew,
  6: 'Website',
  7: 'Website',
};
const awkwardCount = 8;
const archivedShare = 0.72;
/** A prime that no workspace's size is a multiple of: multiplying by it visits every position once, in scattered order. */
const scatter = 7_919;

export type Project = ReturnType<typeof buildProject>;

/** Null for the projects of nobody: one in eleven, and the third. */
function clientIndexOf(blueprint: Blueprint, projectIndex: number): number | null {
  if (projectIndex === ofArchivedClient) return archivedClientIndex;
  if (projectIndex % 11 === withoutClient) return null;
  return (projectIndex * 31) % blueprint.counts.clients;
}

/** Most projects of a workspace are archived; the awkward ones are in use. */
function isArchived({ counts }: Blueprint, index: number): boolean {
  if (index < awkwardCount || index >= counts.projects) return false;
  const others = counts.projects - awkwardCount;
  return (index * scatter) % others < Math.round(counts.projects * archivedShare);
}

/** The users on a project: its lead and, where there are enough people, two more. */
export function memberIndexes({ counts }: Blueprint, projectIndex: number): number[] {
  const lead = projectIndex % counts.users;
  return [...new Set([lead, (lead + 5) % counts.users, (lead + 7) % counts.users])];
}

export function buildProject(blueprint: Blueprint, clients: readonly Client[], index: number) {
  const random = blueprint.random('project', index);
  const clientIndex = clientIndexOf(blueprint, index);
  const client = clientIndex === null ? undefined : clients[clientIndex];
  const currency = client?.currencyCode ?? 'USD';
  const id = blueprint.id('projects', index);
  const estimate = random.chance(0.3) ? formatDuration(random.int(10, 400) * hourMs) : 'PT0S';
  return {
    id,
    name: fixedNames[index] ?? `${workName(random)} ${index}`,
    hourlyRate: random.chance(0.7) ? rate(random.int(40, 220) * 100, currency) : null,
    costRate: random.chance(0.3) ? rate(random.int(20, 90) * 100, currency) : null,
    clientId: client?.id ?? '',
    clientName: client?.name ?? '',
    workspaceId: blueprint.workspaceId,
    billable: random.chance(0.8),
    memberships: memberIndexes(blueprint, index).map((user) => ({
      userId: blueprint.id('users', user),
      hourlyRate: user % 4 === 1 ? rate(9_500, currency) : null,
      costRate: null,
      targetId: id,
      membershipType: 'PROJECT',
      membershipStatus: 'ACTIVE',
    })),
    color: color(random),
    estimate: { estimate, type: estimate === 'PT0S' ? 'AUTO' : 'MANUAL' },
    archived: isArchived(blueprint, index),
    duration: formatDuration(random.int(0, 900) * hourMs),
    note: random.chance(0.2) ? 'Kick-off notes are in the shared drive' : '',
    timeEstimate: { estimate, type: 'AUTO', resetOption: null, active: estimate !== 'PT0S', includeNonBillable: true },
    budgetEstimate: random.chance(0.1)
      ? {
          estimate: random.int(10, 900) * 10_000,
          type: 'MANUAL',
          resetOption: 'MONTHLY',
          active: true,
          includeExpenses: false,
        }
      : null,
    estimateReset: null,
    template: false,
    public: random.chance(0.6),
  };
}
