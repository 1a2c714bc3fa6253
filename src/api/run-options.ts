import { bootstrapOptionsSchema } from '../domain/bootstrap-options.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import { parse } from './parse.ts';

/** The options of a body, with the days of time entries this deployment reads unless the body says otherwise. */
export function parseRunOptions(json: unknown, timeEntryDays: number | undefined): BootstrapOptions {
  const options = parse(bootstrapOptionsSchema, json ?? {});
  const days = options.timeEntryDays ?? timeEntryDays;
  return { ...options, ...(days !== undefined && { timeEntryDays: days }) };
}
