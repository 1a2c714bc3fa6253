/** Reads a line of text, such as a reason; null when blank. */
export function readText(value: FormDataEntryValue | null): string | null {
  return (typeof value === 'string' && value.trim()) || null;
}

/** Reads a number; null when blank. */
export function readNumber(value: FormDataEntryValue | null): number | null {
  const text = readText(value);
  return text === null ? null : Number(text);
}
