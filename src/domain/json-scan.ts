/** Why a text is not read as JSON although it may be some. */
export type JsonExcess = 'too_deep' | 'too_many_keys' | 'key_too_long' | 'number_out_of_range';

const limits = { depth: 64, keys: 10_000, keyBytes: 256 } as const;
const quote = 0x22;
const backslash = 0x5c;

/**
 * Looks for what would make parsing, copying or storing a text expensive or impossible, in one pass over the bytes and
 * before anything is built from them: nesting below 64, more than 10,000 keys, keys over 256 bytes, numbers that a
 * double cannot hold. Says nothing about whether the text is JSON.
 */
export function findJsonExcess(bytes: Uint8Array): JsonExcess | undefined {
  let depth = 0;
  let keys = 0;
  let lastString = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === quote) {
      const end = findStringEnd(bytes, at);
      lastString = end - at - 1;
      at = end;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > limits.depth) return 'too_deep';
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    } else if (byte === 0x3a) {
      keys += 1;
      if (keys > limits.keys) return 'too_many_keys';
      if (lastString > limits.keyBytes) return 'key_too_long';
    } else if (byte >= 0x30 && byte <= 0x39) {
      const end = findNumberEnd(bytes, at);
      if (!isInRange(bytes.subarray(at, end))) return 'number_out_of_range';
      at = end - 1;
    }
  }
  return undefined;
}

/** The closing quote, or the end of the text. */
function findStringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}

/** Digits, point, exponent and signs. */
function findNumberEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && isNumberByte(bytes[at] as number)) at += 1;
  return at;
}

const isNumberByte = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === 0x2d;

const longestPlainNumber = 300;

/** Short numbers without an exponent are. A mantissa that became 0 was too small. */
function isInRange(digits: Uint8Array): boolean {
  const hasExponent = digits.includes(0x65) || digits.includes(0x45);
  if (!hasExponent && digits.length <= longestPlainNumber) return true;
  if (digits.length > longestPlainNumber) return false;
  const text = String.fromCharCode(...digits);
  const value = Number(text);
  return Number.isFinite(value) && (value !== 0 || !/[1-9]/.test(text.split(/e/i)[0] ?? ''));
}
