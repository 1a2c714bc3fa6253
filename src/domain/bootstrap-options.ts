import { z } from 'zod';
import { entityTypes } from './entities.ts';

/** What one run reads. The same schema checks the API's body, the start form and the workflow's input. */
export const bootstrapOptionsSchema = z.strictObject({
  /** core: what pickers need; standard: all that belongs to the workspace; everything: plus reads that repeat it in another shape. */
  scope: z.enum(['core', 'standard', 'everything']).default('standard'),
  timeEntries: z.boolean().default(true),
  /** Time entries that started at most so many days ago; absent: all. */
  timeEntryDays: z.int().min(1).max(36_500).optional(),
  /** Requests a second, below the configured limit. */
  requestsPerSecond: z.number().min(1).max(50).optional(),
  /** Read these again, and what they depend on; absent: all of the scope. */
  only: z.array(z.enum(entityTypes)).min(1).optional(),
});

export type BootstrapOptions = z.infer<typeof bootstrapOptionsSchema>;
