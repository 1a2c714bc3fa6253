import type { BootstrapOptions } from '../../domain/bootstrap-options.ts';

export const scopeWords = {
  core: 'Core: what pickers need',
  standard: 'Standard: all of the workspace',
  everything: 'Everything: details read one by one, too',
} as const satisfies Record<BootstrapOptions['scope'], string>;

/** Reads the start form; a field that is empty, or does not apply, is left to the server. */
export function readStartOptions(form: FormData): Partial<BootstrapOptions> {
  const scope = form.get('scope');
  const timeEntries = form.has('timeEntries');
  const timeEntryDays = readNumber(form.get('timeEntryDays'));
  const requestsPerSecond = readNumber(form.get('requestsPerSecond'));
  return {
    ...(isScope(scope) && { scope }),
    timeEntries,
    ...(timeEntries && timeEntryDays !== null && { timeEntryDays }),
    ...(requestsPerSecond !== null && { requestsPerSecond }),
  };
}

/** Reads a line of text, such as a reason; null when blank. */
export function readText(value: FormDataEntryValue | null): string | null {
  return (typeof value === 'string' && value.trim()) || null;
}

function readNumber(value: FormDataEntryValue | null): number | null {
  const text = readText(value);
  return text === null ? null : Number(text);
}

function isScope(value: unknown): value is BootstrapOptions['scope'] {
  return typeof value === 'string' && Object.hasOwn(scopeWords, value);
}
