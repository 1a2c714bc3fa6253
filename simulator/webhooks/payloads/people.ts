import { isRow } from '../../api/rows.ts';
import type { Row, World } from '../../world/types.ts';
import { pick, type PayloadBuilder } from './fields.ts';

const settingNames =
  'weekStart timeZone timeFormat dateFormat sendNewsletter weeklyUpdates longRunning scheduledReports approval pto alerts reminders onboarding timeTrackingManual summaryReportSettings isCompactViewOn dashboardSelection dashboardViewType dashboardPinToTop projectListCollapse collapseAllProjectLists groupSimilarEntriesDisabled myStartOfDay darkTheme projectPickerSpecialFilter lang multiFactorEnabled scheduling showOnlyWorkingDays theme'.split(
    ' ',
  );

const face = (row: Row) => pick(row, 'id', 'email', 'name', 'profilePicture');

/** A person without the workspace. */
export const person: PayloadBuilder = (row) => pick(row, 'id', 'email', 'name');

/** A person with the settings of the account, without the workspace. */
export const account: PayloadBuilder = (row) => {
  const { settings } = row;
  return { ...face(row), settings: isRow(settings) ? pick(settings, ...settingNames) : null };
};

export const changedEmail: PayloadBuilder = (row, { before }) => ({
  ...pick(row, 'id', 'email', 'name'),
  oldEmail: before?.['email'] ?? `old.${String(row['email'])}`,
});

/** Addresses alone tell who was invited. */
export const invitation: PayloadBuilder = (row, context) => ({
  workspaceId: context.world.workspaceId,
  inviter: account(ownerOf(context.world), context),
  invitedUserEmails: [row['email']],
});

/** Names alone tell who was added. */
export const limitedUsers: PayloadBuilder = (row, { world }) => ({
  workspaceId: world.workspaceId,
  inviter: face(ownerOf(world)),
  invitedUserNames: [row['name']],
});

function ownerOf(world: World): Row {
  return world.find('users', world.ownerId) ?? {};
}
