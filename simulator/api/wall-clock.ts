const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant as `yyyy-MM-ddTHH:mm:ss` on a clock in that zone; sorts like the time it shows. */
export function wallClock(instant: string, timeZone: string): string {
  return formatOf(timeZone).format(new Date(instant)).replace(' ', 'T');
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  return format;
}
