import { AddonError } from '../domain/errors.ts';

/** Of the operating system, and of PostgreSQL: connection lost, too many connections, shutting down, only reading. */
const awayCodes = /^(E[A-Z_]+|08.{3}|53.{3}|57P0[123]|25006)$/;
/** The driver gives these no code. */
const awayMessages = /timeout exceeded when trying to connect|Connection terminated/;

/** Waits for a query. Throws `storage_unavailable` when the database is away, and any other fault as it is. */
export async function fromStorage<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    if (isAway(error)) throw new AddonError('storage_unavailable', 'The database does not answer at the moment.');
    throw error;
  }
}

function isAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || error instanceof AddonError) return false;
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  return awayCodes.test(String(code)) || awayMessages.test(String(message)) || isAway(cause);
}

/** Whether the same may be stored with a later try: the database did not refuse what it was given. */
export function mayPass(error: unknown): boolean {
  if (isAway(error)) return true;
  const code = findSqlState(error);
  return code !== null && !/^(22|23|54)/.test(code);
}

function findSqlState(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : findSqlState(cause);
}

/** Of PostgreSQL: values it does not take, constraints, deadlocks, too complex. */
const dataCodes = /^(22|23|40|54)/;

/** Whether the database refused what it was given: with other rows the same statement may well pass. */
export function isDataFault(error: unknown): boolean {
  return dataCodes.test(findSqlState(error) ?? '');
}
