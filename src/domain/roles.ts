const adminRoles = ['owner', 'workspace_admin', 'admin'];

/** Whether a workspace role may see and steer what the add-on does. Clockify does not guarantee the letter case. */
export const isAdminRole = (role: string): boolean => adminRoles.includes(role.toLowerCase());
