import { isRow } from '../../api/rows.ts';
import { pick, rowsOf, type PayloadBuilder } from './fields.ts';

const idAt = (value: unknown) => (isRow(value) ? (value['id'] ?? null) : null);

/** Flat ids where lists show objects. */
export const expense: PayloadBuilder = (row) => ({
  ...pick(row, 'id', 'workspaceId', 'userId', 'date'),
  projectId: idAt(row['project']),
  taskId: idAt(row['task']),
  categoryId: idAt(row['category']),
  ...pick(row, 'notes', 'quantity', 'billable', 'fileId', 'total'),
});

export const restoredExpense: PayloadBuilder = (row, context) => {
  const { taskId: _, ...fields } = expense(row, context);
  return { ...fields, ...pick(row, 'locked') };
};

/** Ids alone. */
export const slimExpense: PayloadBuilder = (row) => ({
  ...pick(row, 'workspaceId', 'userId'),
  projectId: idAt(row['project']),
  expenseId: row['id'],
  categoryId: idAt(row['category']),
});

/** An invoice with its items, without the workspace. */
export const invoice: PayloadBuilder = (row, { world }) => {
  const details = world.find('invoice_details', String(row['id'])) ?? row;
  const items = rowsOf(details, 'items').map((item) => ({
    ...pick(item, 'order', 'quantity', 'description', 'unitPrice', 'amount'),
    itemType: null,
    timeEntryIds: item['timeEntryIds'] ?? [],
  }));
  return {
    ...pick(details, 'id', 'number', 'status', 'issuedDate', 'dueDate', 'subtotal', 'discount', 'tax', 'tax2'),
    ...pick(details, 'discountAmount', 'taxAmount', 'tax2Amount', 'amount', 'currency', 'subject'),
    note: details['note'] ?? '',
    ...pick(details, 'clientId', 'clientName', 'clientAddress', 'userId'),
    items,
  };
};
