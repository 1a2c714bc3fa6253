import { z } from 'zod';
import { deliveryStates } from './inbox.ts';
import type { InboxFilter, ReplayOrder } from './inbox.ts';

// Not beside the types: the sidebar takes those, and its policy allows no script that zod would make.
const time = z.iso.datetime({ offset: true });

export const inboxFilterSchema = z.strictObject({
  event: z
    .string()
    .regex(/^[\w:.-]{1,100}$/)
    .optional(),
  state: z.enum(deliveryStates).optional(),
  from: time.optional(),
  to: time.optional(),
}) satisfies z.ZodType<InboxFilter>;

/** The most lines of one page. */
export const mostInboxLines = 200;

const reason = z.string().max(500).optional();

export const deliveryIdSchema = z.string().regex(/^[1-9]\d{0,17}$/);

export const replaySchema = z.union([
  z.strictObject({ ids: z.array(deliveryIdSchema).min(1).max(mostInboxLines), reason }),
  z.strictObject({ all: z.literal('failed'), reason }),
]) satisfies z.ZodType<ReplayOrder>;
