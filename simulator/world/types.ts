/** Sizes of a simulated workspace, from a freelancer (XS) to an enterprise (L); X has many projects and few users. */
export type ProfileName = 'XS' | 'S' | 'M' | 'L' | 'X';

/** Every collection of a workspace; nested ones name their parent collection. */
export const parentOf = {
  workspace: null,
  users: null,
  clients: null,
  tags: null,
  projects: null,
  custom_fields: null,
  user_groups: null,
  holidays: null,
  expense_categories: null,
  expenses: null,
  invoices: null,
  invoice_settings: null,
  time_off_policies: null,
  time_off_requests: null,
  assignments: null,
  approval_requests: null,
  shared_reports: null,
  tasks: 'projects',
  project_custom_fields: 'projects',
  time_off_balances: 'time_off_policies',
  invoice_details: 'invoices',
  invoice_payments: 'invoices',
  time_entries: 'users',
  member_profiles: 'users',
  user_managers: 'users',
} as const satisfies Record<string, string | null>;

export type EntityType = keyof typeof parentOf;

/** One entity exactly as the platform's list (or, for details, single read) shows it, read with the fullest query. */
export type Row = { readonly [field: string]: unknown };

/** What a complete and correct copy of one collection must equal. */
export interface Truth {
  readonly count: number;
  /** sha256 over the lines `key:sha256(canonical JSON of the row)`, sorted by key, joined by a newline. */
  readonly hash: string;
}

/** One simulated workspace: reproducible from (profile, seed), changeable afterwards. */
export interface World {
  readonly profile: ProfileName;
  readonly workspaceId: string;
  readonly ownerId: string;
  /** FREE, BASIC, STANDARD, PRO or ENTERPRISE. */
  readonly plan: string;
  /** Names as in the workspace's `features`, e.g. EXPENSES, INVOICING, TIME_OFF. */
  readonly features: readonly string[];
  /** Live rows in ascending id order (time entries: newest start first, as the platform lists them); nested ones of one parent. */
  list(entity: EntityType, parentId?: string): readonly Row[];
  find(entity: EntityType, key: string): Row | undefined;
  insert(entity: EntityType, row: Row, parentId?: string): void;
  /** False when there was no such row. Removing a parent removes its nested rows. */
  remove(entity: EntityType, key: string): boolean;
  /** A fresh, valid row for an entity (new id, plausible content), not inserted. */
  make(entity: EntityType, parentId?: string): Row;
  truth(entity: EntityType): Truth;
}

/**
 * The key of a row in truth dumps: its id (`approvalRequest.id` for approvals, the path user for member profiles,
 * the workspace id for workspace and invoice settings); `<parent>:<id>` where one id occurs below several parents
 * (project custom fields, user managers).
 */
export type RowKey = (entity: EntityType, row: Row, parentId?: string) => string;
