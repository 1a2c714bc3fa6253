/** Everything that carries an id; the position is part of the id, so new kinds go to the end. */
const kinds = [
  'workspace',
  'users',
  'clients',
  'tags',
  'projects',
  'custom_fields',
  'user_groups',
  'holidays',
  'expense_categories',
  'expenses',
  'invoices',
  'time_off_policies',
  'time_off_requests',
  'assignments',
  'approval_requests',
  'shared_reports',
  'tasks',
  'time_off_balances',
  'invoice_payments',
  'time_entries',
  'currency',
  'file',
  'company',
  'organization',
  'role',
  'item_type',
  'kiosk',
] as const;

export type IdKind = (typeof kinds)[number];

/** What a world writes into an id, and reads from it to find the one list that holds the row. */
export interface IdParts {
  readonly kind: IdKind;
  /** Position within its collection, or below its parent. */
  readonly index: number;
  /** Position of the parent in its collection; 0 without a parent. */
  readonly parentIndex: number;
}

const kindCodes = new Map<IdKind, string>(kinds.map((kind, code) => [kind, hex(code, 2)]));

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** 24 lower-case hex digits; like the platform's object ids they begin with the second of creation, so they ascend. */
export function formatId(parts: IdParts, createdAtMs: number, worldMark: number): string {
  const second = hex(Math.floor(createdAtMs / 1000), 8);
  const kind = kindCodes.get(parts.kind) ?? '00';
  return `${second}${kind}${hex(parts.parentIndex, 5)}${hex(worldMark & 0xfff, 3)}${hex(parts.index, 6)}`;
}

/** Undefined for an id that no world with this mark has written. */
export function parseId(id: string, worldMark: number): IdParts | undefined {
  if (!/^[\da-f]{24}$/.test(id) || Number.parseInt(id.slice(15, 18), 16) !== (worldMark & 0xfff)) return undefined;
  const kind = kinds[Number.parseInt(id.slice(8, 10), 16)];
  if (kind === undefined) return undefined;
  return { kind, parentIndex: Number.parseInt(id.slice(10, 15), 16), index: Number.parseInt(id.slice(18), 16) };
}
