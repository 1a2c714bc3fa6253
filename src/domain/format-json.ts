/** In characters; a person reads no more. */
const longestText = 262_144;
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/**
 * Gives each value of a JSON text a line of its own, and changes nothing else: order, numbers and escapes stay as they
 * came. Null for a text of more than 256 Ki characters. Nesting must be limited by the caller.
 */
export function formatJson(text: string): string | null {
  if (text.length > longestText) return null;
  let formatted = '';
  let depth = 0;
  let last = '';
  for (const [token] of text.matchAll(tokens)) {
    const closes = token === '}' || token === ']';
    if (closes) depth -= 1;
    const isEmptyPair = closes && (last === '{' || last === '[');
    if ((closes && !isEmptyPair) || (opensLine(last) && !closes)) formatted += `\n${'  '.repeat(depth)}`;
    formatted += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
    last = token;
  }
  return formatted;
}

const opensLine = (token: string): boolean => token === '{' || token === '[' || token === ',';
