import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** Undefined: there is nothing to show at the moment. */
type Source = () => number | undefined | Promise<number>;

export interface SampledGauge<Value extends string> {
  /** Where each series comes from: asked whenever the metrics are read, and given two seconds. */
  sampleFrom(sources: Readonly<Record<Value, Source>>): void;
}

export interface SampledGaugeDescription {
  readonly name: string;
  readonly help: string;
  readonly label: string;
}

const patienceMs = 2_000;

/** A gauge that is read when the metrics are. A series without a source, or whose source fails, is not shown. */
export function createSampledGauge<Value extends string>(
  registry: Registry,
  { name, help, label }: SampledGaugeDescription,
): SampledGauge<Value> {
  let sources: readonly (readonly [string, Source])[] = [];
  const gauge = new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    async collect() {
      await Promise.all(
        sources.map(async ([value, read]) => {
          const sample = await inTime(async () => read());
          if (sample === undefined) gauge.remove({ [label]: value });
          else gauge.set({ [label]: value }, sample);
        }),
      );
    },
  });
  return { sampleFrom: (given) => void (sources = Object.entries(given)) };
}

/** Undefined when it fails or takes too long. */
const inTime = (read: () => Promise<number | undefined>): Promise<number | undefined> =>
  Promise.race([read(), sleep(patienceMs, undefined, { ref: false })]).catch(() => undefined);
