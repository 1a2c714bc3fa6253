import type { PolicyDef } from '@mikro-orm/core';

/** `nullif`: after a transaction that set the variable locally it reads as '' and not as unset. */
const isOwnRow = "workspace_id = nullif(current_setting('app.workspace_id', true), '')";

/** Row-level security of every tenant table: a transaction sees the rows of the workspace it named, and no others. */
export const tenantPolicy: { rowLevelSecurity: 'force'; policies: PolicyDef[] } = {
  rowLevelSecurity: 'force',
  policies: [{ name: 'tenant', using: isOwnRow, check: isOwnRow }],
};
