export type Formatter = ReturnType<typeof createFormatter>;

/** Figures and times for people, in the viewer's language where the browser knows it. An unknown figure is a dash. */
export function createFormatter(language: string | null) {
  const locale = localeOf(language);
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  // The words around are English.
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

  return {
    count: (value: number) => whole.format(value),
    /** Rounded down, so that only the end is 100 %. */
    percent: (fraction: number) => percent.format(Math.floor(fraction * 100) / 100),
    rate: (perSecond: number | null) =>
      perSecond === null ? '–' : (perSecond < 10 ? tenths : whole).format(perSecond),
    duration: (seconds: number | null) => (seconds === null ? '–' : formatDuration(seconds)),
    rows: (rows: number, expected: number | null) =>
      expected === null ? whole.format(rows) : `${whole.format(rows)} of ${whole.format(expected)}`,
    pages: (pages: number) => `${whole.format(pages)} ${pages === 1 ? 'page' : 'pages'}`,
    time: (iso: string | null) => (iso === null ? '–' : dateTime.format(new Date(iso))),
    /** To the second. */
    moment: (iso: string) => moment.format(new Date(iso)),
    latency: (milliseconds: number) =>
      milliseconds < 10_000 ? `${whole.format(milliseconds)} ms` : formatDuration(milliseconds / 1000),
    clock: (iso: string) => clock.format(new Date(iso)),
    ago: (iso: string, now: number) => relative.format(...sinceOf((now - Date.parse(iso)) / 1000)),
  };
}

/** Two units at most, rounded up so that it never promises too much: "45 s", "3 min 20 s", "2 h 5 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joinUnits(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.ceil(whole / 60);
  return joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** In the largest unit that is full; clocks may differ, so nothing is in the future. */
function sinceOf(seconds: number): [number, Intl.RelativeTimeFormatUnit] {
  const minutes = Math.floor(Math.max(0, seconds) / 60);
  if (minutes < 60) return [-minutes, 'minute'];
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? [-hours, 'hour'] : [-Math.floor(hours / 24), 'day'];
}

function localeOf(language: string | null): string {
  try {
    return Intl.getCanonicalLocales(language ?? 'en')[0] ?? 'en';
  } catch {
    return 'en';
  }
}
