import type { Blueprint } from './blueprint.ts';
import { countedCollection, derivedCollection, nestedCollection, topCollection } from './collection.ts';
import { buildHoliday } from './holidays.ts';
import { buildMemberProfile, managerIndexes, presentManager } from './members.ts';
import type { Sources } from './sources.ts';
import { buildUserGroup } from './user-groups.ts';
import { buildUser } from './users.ts';

/** Users, what hangs on them, groups and holidays. */
export function peopleCollections(blueprint: Blueprint, sources: Sources) {
  const { counts } = blueprint;
  return {
    users: topCollection(sources.users, (index) => buildUser(blueprint, sources.customFields(), index)),
    user_groups: countedCollection(counts.user_groups, (index) => buildUserGroup(blueprint, sources.users(), index)),
    holidays: countedCollection(counts.holidays, (index) => buildHoliday(blueprint, index)),
    member_profiles: derivedCollection((user) => buildMemberProfile(sources.customFields(), user)),
    user_managers: nestedCollection(
      (user) => managersOf(blueprint, sources, user),
      (index) => presentManager(buildUser(blueprint, sources.customFields(), index)),
    ),
  };
}

function managersOf(blueprint: Blueprint, sources: Sources, userIndex: number) {
  const users = managerIndexes(blueprint, userIndex).flatMap((index) => sources.users()[index] ?? []);
  return users.map(presentManager);
}
