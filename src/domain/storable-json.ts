/** Escapes in JSON text, one after the other; a longer one stands for a character that Postgres cannot store. */
const escapes = /\\(?:u(?:0000|d[89a-f][0-9a-f]{2})|.)/g;

/** A value as JSON text that fits into jsonb, which holds neither NUL nor lone surrogates: both become U+FFFD. */
export const toStorableJson = (value: unknown): string =>
  JSON.stringify(value).replace(escapes, (escape) => (escape.length > 2 ? '\\ufffd' : escape));
