import { expect, test } from '@jest/globals';
import { isAdminRole } from './roles.ts';

test.each(['OWNER', 'owner', 'WORKSPACE_ADMIN', 'workspace_admin', 'ADMIN', 'Admin'])('%s is an admin', (role) => {
  expect(isAdminRole(role)).toBe(true);
});

test.each(['', 'MEMBER', 'TEAM_MANAGER', 'PROJECT_MANAGER', 'OWNERS', 'ADMIN ', 'NOT_ADMIN', 'constructor'])(
  '%j is not an admin',
  (role) => expect(isAdminRole(role)).toBe(false),
);
