/**
 * A field's kind, a nested shape, or a list of one of them. `id` is 24 hexadecimal digits; everything but `id` may be
 * null, as samples are silent about nulls, and an `id?` may also be empty.
 */
export type Shape =
  | 'id'
  | 'id?'
  | 'instant'
  | 'local'
  | 'duration'
  | 'text'
  | 'number'
  | 'flag'
  | 'null'
  | 'any'
  | readonly [Shape]
  | { readonly [field: string]: Shape };
