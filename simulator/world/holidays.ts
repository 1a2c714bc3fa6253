import type { Blueprint } from './blueprint.ts';
import { dayMs, formatDay } from './calendar.ts';

/** A holiday as the list shows it: the people it is for as flat ids. */
export function buildHoliday(blueprint: Blueprint, index: number) {
  const random = blueprint.random('holiday', index);
  const start = blueprint.createdAt(index, blueprint.counts.holidays);
  const isForEveryone = index % 3 !== 2;
  return {
    id: blueprint.id('holidays', index),
    name: index === 0 ? 'عيد الفطر 🌙' : `Public holiday ${index + 1}`,
    workspaceId: blueprint.workspaceId,
    datePeriod: { startDate: formatDay(start), endDate: formatDay(start + random.int(0, 1) * dayMs) },
    occursAnnually: index % 2 === 0,
    everyoneIncludingNew: isForEveryone,
    userIds: isForEveryone ? [] : [blueprint.id('users', index % blueprint.counts.users)],
    userGroupIds: [],
    automaticTimeEntryCreation: false,
    projectId: null,
    taskId: null,
    color: null,
  };
}
