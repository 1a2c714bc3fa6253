import { z } from 'zod';
import { entityTypes } from './entities.ts';

export const entityKindSchema = z.enum(entityTypes);

/** As Clockify gave it, or below its parent's: `<parent>:<id>`. Text of any form but for control characters. */
export const entityIdSchema = z.string().regex(/^\P{Cc}{1,200}$/u);

export const entityVersionSchema = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number);

/** The most versions of one page. */
export const mostEntityVersions = 50;
