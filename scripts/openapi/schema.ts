/** The schema with its bare `$ref` names turned into pointers into the document. */
export function buildSchema(fact: unknown): unknown {
  if (Array.isArray(fact)) return fact.map(buildSchema);
  if (typeof fact !== 'object' || fact === null) return fact;
  return Object.fromEntries(
    Object.entries(fact).map(([keyword, value]) => [
      keyword,
      keyword === '$ref' ? `#/components/schemas/${String(value)}` : buildSchema(value),
    ]),
  );
}
