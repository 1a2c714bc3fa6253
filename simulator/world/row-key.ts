import type { EntityType, Row, RowKey } from './types.ts';

/** The id a row carries itself; undefined for rows that are known by their parent alone. */
export function ownId(entity: EntityType, row: Row): string | undefined {
  const holder = entity === 'approval_requests' ? (row['approvalRequest'] as Row | undefined) : row;
  const id = holder?.['id'];
  return typeof id === 'string' ? id : undefined;
}

/** See {@link RowKey}. Throws when the row has no id and no parent was named. */
export const rowKey: RowKey = (entity, row, parentId) => {
  const id = ownId(entity, row);
  if (entity === 'member_profiles' || entity === 'invoice_settings') return required(entity, parentId);
  if (entity === 'project_custom_fields' || entity === 'user_managers') return `${required(entity, parentId)}:${id}`;
  return required(entity, id);
};

function required(entity: EntityType, key: string | undefined): string {
  if (key === undefined) throw new Error(`A row of ${entity} has no key.`);
  return key;
}
