import { z } from 'zod';
import type { LinePlace } from '../db/inbox-lines.ts';
import { deliveryIdSchema } from '../domain/inbox-requests.ts';

const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const placeSchema = z.tuple([instant.refine((text) => !Number.isNaN(Date.parse(text))), deliveryIdSchema]);

/** The place of a line as callers pass it back; what it holds is not theirs to know. */
export const buildCursor = ({ receivedAt, id }: LinePlace): string =>
  Buffer.from(`${receivedAt}/${id}`).toString('base64url');

/** A cursor as the place it stands for. */
export const cursorSchema = z
  .string()
  .max(100)
  .transform((cursor, ctx): LinePlace => {
    const place = placeSchema.safeParse(Buffer.from(cursor, 'base64url').toString().split('/'));
    if (place.success) return { receivedAt: place.data[0], id: place.data[1] };
    ctx.addIssue({ code: 'custom', message: 'is no cursor of this list' });
    return z.NEVER;
  });

/** Where a stream was left; null for anything that is no such place. */
export const parseStreamPlace = (lastEventId: string): string | null => instant.safeParse(lastEventId).data ?? null;
