import type { BootstrapOptions } from '../../domain/bootstrap-options.ts';
import { isEntityType } from '../bootstrap/words.ts';
import { readNumber } from '../form-fields.ts';

/** The scopes of a run, and the choice of single kinds of data instead. */
export type ScopeChoice = BootstrapOptions['scope'] | 'some';

export const scopeWords = {
  core: { name: 'Core', note: 'People, projects, clients, tags and what else pickers need' },
  standard: { name: 'Standard', note: 'All of the workspace' },
  everything: { name: 'Everything', note: 'Also details that are read one by one' },
  some: { name: 'Only some data', note: 'Chosen below, with what it depends on' },
} as const satisfies Record<ScopeChoice, { readonly name: string; readonly note: string }>;

export const defaultOptions: Partial<BootstrapOptions> = { scope: 'standard', timeEntries: true };

/** Reads the start form; a field that is empty, or does not apply, is left to the server. Null: no data is chosen. */
export function readStartOptions(form: FormData): Partial<BootstrapOptions> | null {
  const requestsPerSecond = readNumber(form.get('requestsPerSecond'));
  const what = form.get('scope') === 'some' ? readSome(form) : readScope(form);
  return what && { ...what, ...(requestsPerSecond !== null && { requestsPerSecond }) };
}

function readScope(form: FormData): Partial<BootstrapOptions> {
  const scope = form.get('scope');
  const timeEntries = form.has('timeEntries');
  return { ...(isScope(scope) && { scope }), timeEntries, ...(timeEntries && readDays(form)) };
}

function readSome(form: FormData): Partial<BootstrapOptions> | null {
  const only = form
    .getAll('only')
    .filter((value) => typeof value === 'string')
    .filter(isEntityType);
  return only.length === 0 ? null : { only, ...(only.includes('time_entries') && readDays(form)) };
}

function readDays(form: FormData): Pick<BootstrapOptions, 'timeEntryDays'> {
  const timeEntryDays = readNumber(form.get('timeEntryDays'));
  return timeEntryDays === null ? {} : { timeEntryDays };
}

function isScope(value: unknown): value is BootstrapOptions['scope'] {
  return value === 'core' || value === 'standard' || value === 'everything';
}
