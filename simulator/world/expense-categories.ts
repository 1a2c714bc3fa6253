import type { Blueprint } from './blueprint.ts';

const names = ['Travel', 'Mileage', 'Meals', 'Hotel', 'Software', 'Hardware', 'Training', 'Postage', 'Rent', 'Other'];
const mileage = 1;

export type ExpenseCategory = ReturnType<typeof buildExpenseCategory>;

/** Mileage has a price per unit in minor units; every fourth category is archived. */
export function buildExpenseCategory(blueprint: Blueprint, index: number) {
  return {
    id: blueprint.id('expense_categories', index),
    name: names[index] ?? `Category ${index}`,
    workspaceId: blueprint.workspaceId,
    archived: index % 4 === 3,
    hasUnitPrice: index === mileage,
    priceInCents: index === mileage ? 42 : 0,
    unit: index === mileage ? 'km' : '',
  };
}
