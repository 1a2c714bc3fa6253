import type { Blueprint } from './blueprint.ts';
import type { Parent } from './collection.ts';
import { userFieldValues, type CustomField } from './custom-fields.ts';
import type { User } from './users.ts';

/** The profile of one member; it carries no id, the user of the path is its key. */
export function buildMemberProfile(fields: readonly CustomField[], user: Parent) {
  return {
    email: user.row['email'],
    hasPassword: user.row['status'] === 'ACTIVE',
    hasPendingApprovalRequest: user.index % 5 === 1,
    imageUrl: user.row['profilePicture'],
    name: user.row['name'],
    userCustomFieldValues: userFieldValues(fields, user.index).map(({ field, value }) => ({
      customField: field,
      customFieldId: field.id,
      name: field.name,
      sourceType: 'USER',
      type: field.type,
      userId: user.id,
      value,
    })),
    weekStart: user.index % 3 === 1 ? 'SUNDAY' : 'MONDAY',
    workCapacity: user.index % 4 === 3 ? 'PT4H' : 'PT8H',
    workingDays: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
    workspaceNumber: 1,
  };
}

/** The positions of the users above a user: none to two, never the user. */
export function managerIndexes({ counts }: Blueprint, userIndex: number): number[] {
  if (userIndex === 0) return [];
  const candidates = [0, 6 + 20 * (userIndex % 5)].slice(0, userIndex % 3);
  return candidates.filter((index) => index < counts.users && index !== userIndex);
}

/** A manager is a whole user row without the roles. */
export function presentManager(user: User) {
  const { roles: _, ...manager } = user;
  return manager;
}
