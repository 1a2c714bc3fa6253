import type { Blueprint } from './blueprint.ts';

export const currencyCodes = ['USD', 'EUR', 'GBP', 'JPY'] as const;
export type CurrencyCode = (typeof currencyCodes)[number];

/** An amount in minor units of a currency. */
export function rate(amount: number, currency: CurrencyCode) {
  return { amount, currency };
}

/** The currency of a client: mostly the default of the workspace. */
export function currencyOf(clientIndex: number): CurrencyCode {
  return clientIndex % 3 === 0 ? (currencyCodes[1 + (Math.floor(clientIndex / 3) % 3)] ?? 'EUR') : 'USD';
}

export function currencyId(blueprint: Blueprint, code: CurrencyCode): string {
  return blueprint.id('currency', currencyCodes.indexOf(code));
}
