/** One metric of a text in Prometheus' exposition format 0.0.4. */
export interface ExposedMetric {
  readonly type: string;
  /** By the sample's name and labels as written, e.g. `calls_total{kind="a"}`. */
  readonly samples: ReadonlyMap<string, number>;
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const label = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`;
const helpLine = new RegExp(`^# HELP (${name}) (?:[^\\\\]|\\\\[\\\\n])+$`);
const typeLine = new RegExp(`^# TYPE (${name}) (counter|gauge|histogram)$`);
const sampleLine = new RegExp(
  `^((${name})(?:\\{${label}(?:,${label})*\\})?) (-?[0-9.]+(?:e[+-]?[0-9]+)?|[+-]Inf|NaN)$`,
);

const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
};

/**
 * Reads what a Prometheus server would read, but forgives nothing: each metric has its help, its type, then its samples,
 * all in one place and each sample once. Throws with the line that is wrong.
 */
export function parseExposition(text: string): ReadonlyMap<string, ExposedMetric> {
  if (!text.endsWith('\n')) throw new Error('The last line does not end.');
  const metrics = new Map<string, { type: string; samples: Map<string, number> }>();
  let helped = '';
  let current = '';
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const help = helpLine.exec(line)?.[1];
    if (help !== undefined) {
      if (metrics.has(help)) throw new Error(`A second time: ${line}`);
      helped = help;
      continue;
    }
    const [, typed, type] = typeLine.exec(line) ?? [];
    if (typed !== undefined && type !== undefined) {
      if (typed !== helped || metrics.has(typed)) throw new Error(`Not after its help: ${line}`);
      metrics.set(typed, { type, samples: new Map() });
      current = typed;
      continue;
    }
    const [, key, sampled, value] = sampleLine.exec(line) ?? [];
    const metric = metrics.get(current);
    if (key === undefined || metric === undefined) throw new Error(`Not a sample: ${line}`);
    const isOwn = suffixes[metric.type]?.some((suffix) => `${current}${suffix}` === sampled) === true;
    if (!isOwn || helped !== current || metric.samples.has(key)) throw new Error(`Not where it belongs: ${line}`);
    metric.samples.set(key, Number(value?.replace('Inf', 'Infinity')));
  }
  return metrics;
}

/** The samples of counters and of histograms' counts that differ, and by how much. */
export function findChanges(before: string, after: string): Record<string, number> {
  const [earlier, later] = [before, after].map(listCounts);
  return Object.fromEntries(
    [...(later ?? [])].flatMap(([key, value]) => {
      const change = value - (earlier?.get(key) ?? 0);
      return change === 0 ? [] : [[key, change]];
    }),
  );
}

function listCounts(text: string): Map<string, number> {
  const metrics = [...parseExposition(text)].filter(([, { type }]) => type !== 'gauge');
  const samples = metrics.flatMap(([, metric]) => [...metric.samples]);
  return new Map(samples.filter(([key]) => !/_(bucket|sum)(\{|$)/.test(key)));
}
