import type { Blueprint } from './blueprint.ts';

const labels = {
  amount: 'Amount',
  billFrom: 'Bill from',
  billTo: 'Bill to',
  description: 'Description',
  discount: 'Discount',
  dueDate: 'Due date',
  issueDate: 'Issue date',
  itemType: 'Item type',
  notes: 'Notes',
  paid: 'Paid',
  quantity: 'Quantity',
  subtotal: 'Subtotal',
  tax: 'Tax',
  tax2: 'Tax 2',
  total: 'Total',
  totalAmount: 'Amount due',
  unitPrice: 'Unit price',
};

export function buildInvoiceSettings(blueprint: Blueprint) {
  return {
    labels,
    defaults: {
      companyId: blueprint.id('company', 0),
      defaultImportExpenseItemTypeId: blueprint.id('item_type', 1),
      defaultImportTimeItemTypeId: blueprint.id('item_type', 0),
      dueDays: 30,
      itemType: 'Service',
      itemTypeId: blueprint.id('item_type', 0),
      notes: '',
      subject: '',
      tax: 0,
      tax2: 0,
      taxPercent: 0,
      tax2Percent: 0,
      taxType: 'NONE',
    },
    exportFields: { itemType: true, quantity: true, unitPrice: true, tax: true, tax2: false, rtl: false, RTL: false },
  };
}
