import type { Row } from '../../world/types.ts';
import type { AnswerTable, Context } from '../context.ts';
import { flag, oneOf, text } from '../filters.ts';
import { pagingStyles } from '../paging.ts';
import { bytes, json, notInWorkspace, type Reply } from '../reply.ts';
import { all, below, findOne, valueAt, without } from '../rows.ts';

const paged = { kind: 'list', paging: pagingStyles.standard, lastPageHeader: true } as const;
const expensing = { feature: 'EXPENSES' } as const;
const invoicing = { feature: 'INVOICING', members: 'never' } as const;

/** Expenses and invoices. */
export const moneyAnswers: AnswerTable = {
  getExpenses: {
    ...paged,
    ...expensing,
    rows: all('expenses'),
    filters: { 'user-id': oneOf('userId') },
    wrap: (expenses, count) => ({ expenses: { expenses, count }, dailyTotals: [], weeklyTotals: [] }),
  },
  getExpense: {
    kind: 'other',
    ...expensing,
    reply: (context) => json(flattenExpense(findOne('expenses', 'expenseId')(context))),
  },
  downloadFile: { kind: 'other', ...expensing, reply: replyReceipt },
  getCategories: {
    ...paged,
    ...expensing,
    rows: all('expense_categories'),
    sort: { NAME: 'name' },
    filters: { archived: flag('archived'), name: text('name') },
    assumed: { archived: 'false' },
    wrap: (categories, count) => ({ categories, count }),
  },
  getInvoices: {
    ...paged,
    ...invoicing,
    rows: all('invoices'),
    sort: {
      ID: 'id',
      CLIENT: 'clientName',
      DUE_ON: 'dueDate',
      ISSUE_DATE: 'issuedDate',
      AMOUNT: 'amount',
      BALANCE: 'balance',
    },
    filters: { statuses: oneOf('status') },
    wrap: (invoices, total) => ({ invoices, total }),
  },
  getInvoiceSettings: { kind: 'other', ...invoicing, reply: ({ world }) => json(world.list('invoice_settings')[0]) },
  getInvoice: {
    kind: 'other',
    ...invoicing,
    reply: (context) => json(findOne('invoice_details', 'invoiceId')(context)),
  },
  exportInvoice: { kind: 'other', ...invoicing, reply: replyInvoicePdf },
  getPaymentsForInvoice: {
    ...paged,
    ...invoicing,
    rows: below('invoice_payments', 'invoices', 'invoiceId'),
  },
};

/** The single read carries flat ids where the list carries objects, and no file name. */
function flattenExpense(row: Row): Row {
  return {
    ...without(row, 'category', 'project', 'task', 'fileName'),
    categoryId: valueAt(row, 'category.id') ?? null,
    projectId: valueAt(row, 'project.id') ?? null,
    taskId: valueAt(row, 'task.id') ?? null,
  };
}

function replyReceipt(context: Context): Reply {
  const expense = findOne('expenses', 'expenseId')(context);
  if (expense['fileId'] !== context.params['fileId']) throw notInWorkspace('File');
  return bytes('\u0089PNG\r\n receipt', 'application/octet-stream');
}

function replyInvoicePdf(context: Context): Reply {
  const invoice = findOne('invoices', 'invoiceId')(context);
  return bytes(`%PDF-1.4\n% invoice ${String(invoice['number'])}\n%%EOF\n`, 'application/pdf');
}
