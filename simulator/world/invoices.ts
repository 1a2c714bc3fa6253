import type { Blueprint } from './blueprint.ts';
import { dayMs, formatInstant } from './calendar.ts';
import type { Parent } from './collection.ts';
import { activityNote } from './names.ts';
import { distribute } from './random.ts';
import type { Sources } from './sources.ts';

const unpaidStates = ['UNSENT', 'SENT', 'OVERDUE', 'VOID'] as const;
/** 20 % in hundredths of a percent, as the platform reads taxes. */
const taxInHundredths = 2_000;

/** An invoice as the list shows it: a summary, amounts in minor units. Every second one has been paid, wholly or in part. */
export function buildInvoice(blueprint: Blueprint, sources: Sources, index: number) {
  const random = blueprint.random('invoice', index);
  const { counts } = blueprint;
  const client = sources.clients()[(index * 7) % counts.clients];
  const issued = blueprint.createdAt(index, counts.invoices);
  const amount = random.int(50, 20_000) * 100 + random.int(0, 99);
  const isPaid = index % 2 === 0;
  const isPartly = isPaid && random.chance(0.25);
  const paid = isPaid ? (isPartly ? Math.ceil(amount / 3) : amount) : 0;
  return {
    id: blueprint.id('invoices', index),
    number: `INV-${String(index + 1).padStart(5, '0')}`,
    clientId: client?.id ?? null,
    clientName: client?.name ?? '',
    issuedDate: formatInstant(issued),
    dueDate: formatInstant(issued + 30 * dayMs),
    amount,
    balance: amount - paid,
    paid,
    currency: client?.currencyCode ?? 'USD',
    status: isPaid ? (isPartly ? 'PARTIALLY_PAID' : 'PAID') : random.pick(unpaidStates),
    billFrom: 'Simulated Ltd.',
    containsImportedExpenses: false,
    containsImportedTimes: random.chance(0.3),
  };
}

/** What only the single read of an invoice has. `unitPrice` of an item is in hundredths of a minor unit. */
export function buildInvoiceDetails(blueprint: Blueprint, invoice: Parent) {
  const random = blueprint.random('invoice details', invoice.index);
  const amount = Number(invoice.row['amount'] ?? 0);
  const tax = random.chance(0.4) ? taxInHundredths : 0;
  const subtotal = Math.round(amount / (1 + tax / 10_000));
  const shares = distribute(
    subtotal,
    Array.from({ length: random.int(1, 4) }, () => 1 + random.next()),
  );
  return {
    ...invoice.row,
    calculationType: 'INVOICE_BASED',
    clientAddress: '1 High Street',
    companyId: blueprint.id('company', 0),
    discount: 0,
    discountAmount: 0,
    items: shares.map((share, position) => ({
      order: position + 1,
      description: activityNote(random),
      itemType: 'Service',
      importType: 'NOT_IMPORTED',
      quantity: 1,
      unitPrice: share * 100,
      amount: share,
      applyTaxes: tax > 0 ? 'TAX1' : 'NONE',
      expenseIds: [],
      timeEntryIds: [],
    })),
    note: random.chance(0.3) ? 'Thank you' : null,
    subject: `Services ${String(invoice.row['number'])}`,
    subtotal,
    tax,
    taxAmount: amount - subtotal,
    tax2: 0,
    tax2Amount: 0,
    taxType: tax > 0 ? 'SIMPLE' : 'NONE',
    userId: blueprint.id('users', 0),
    visibleZeroFields: ['TAX'],
  };
}

/** The payments of an invoice; they add up to what it has been paid. */
export function invoicePayments(blueprint: Blueprint, sources: Sources, invoiceIndex: number) {
  const { paid } = buildInvoice(blueprint, sources, invoiceIndex);
  if (paid === 0) return [];
  const random = blueprint.random('payments', invoiceIndex);
  const shares = distribute(
    paid,
    Array.from({ length: random.int(1, 3) }, () => 1 + random.next()),
  );
  return shares.map((amount, index) => buildPayment(blueprint, { amount, index, invoiceIndex }));
}

export function buildPayment(blueprint: Blueprint, payment: { amount: number; index: number; invoiceIndex: number }) {
  const { amount, index, invoiceIndex } = payment;
  const issued = blueprint.createdAt(invoiceIndex, blueprint.counts.invoices);
  const date = issued + (index + 1) * 9 * dayMs;
  return {
    id: blueprint.id('invoice_payments', index, { parentIndex: invoiceIndex, createdAt: date }),
    amount,
    author: 'Owner',
    date: formatInstant(date),
    note: index === 0 ? '' : 'By bank transfer',
  };
}
