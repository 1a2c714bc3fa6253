import type { Blueprint } from './blueprint.ts';
import { countedCollection, derivedCollection, nestedCollection, topCollection } from './collection.ts';
import { buildExpenseCategory } from './expense-categories.ts';
import { buildExpense } from './expenses.ts';
import { buildInvoiceSettings } from './invoice-settings.ts';
import { buildInvoice, buildInvoiceDetails, buildPayment, invoicePayments } from './invoices.ts';
import type { Sources } from './sources.ts';

/** Expenses and invoices. */
export function moneyCollections(blueprint: Blueprint, sources: Sources) {
  const { counts } = blueprint;
  const settings = () => buildInvoiceSettings(blueprint);
  return {
    expense_categories: topCollection(sources.expenseCategories, (index) => buildExpenseCategory(blueprint, index)),
    expenses: countedCollection(counts.expenses, (index) => buildExpense(blueprint, sources, index)),
    invoices: countedCollection(counts.invoices, (index) => buildInvoice(blueprint, sources, index)),
    invoice_settings: topCollection(() => [settings()], settings),
    invoice_details: derivedCollection((invoice) => buildInvoiceDetails(blueprint, invoice)),
    invoice_payments: nestedCollection(
      (invoice) => invoicePayments(blueprint, sources, invoice),
      (index, invoice) => buildPayment(blueprint, { amount: 10_000, index, invoiceIndex: invoice.index }),
    ),
  };
}
