import { parseArgs } from 'node:util';

const profiles = ['XS', 'S', 'M', 'L', 'X'] as const;

export type Profile = (typeof profiles)[number];

export interface DemoFlags {
  /** Leave after the table. */
  readonly exit: boolean;
  /** Undefined: the one of the state found, else S. */
  readonly profile: Profile | undefined;
  /** Temporal's own server on Postgres, and two of each of our processes. */
  readonly cluster: boolean;
  /** Undefined: two of a cluster, else one. */
  readonly workers: number | undefined;
  /** Begin with nothing. */
  readonly reset: boolean;
}

export const usage = `Usage: npm run demo -- [options]
  --profile ${profiles.join('|')}  size of the simulated workspace (default S)
  --cluster             as in production: Temporal's server and Web UI on PostgreSQL, two APIs, two workers
  --workers N           worker processes, 1 to 16 (default 1, of a cluster 2)
  --reset               forget what earlier runs left in .data
  --exit                leave after the table; 0 only if every entity is complete and equal`;

const isProfile = (value: string): value is Profile => (profiles as readonly string[]).includes(value);

/** Throws with the usage for anything it does not know. */
export function parseFlags(args: readonly string[]): DemoFlags {
  try {
    return readFlags(args);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage}`, { cause: error });
  }
}

function readFlags(args: readonly string[]): DemoFlags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      exit: { type: 'boolean', default: false },
      reset: { type: 'boolean', default: false },
      cluster: { type: 'boolean', default: false },
      profile: { type: 'string' },
      workers: { type: 'string' },
    },
  });
  const { exit, reset, cluster, profile, workers } = values;
  if (profile !== undefined && !isProfile(profile)) throw new Error(`Unknown profile ${profile}`);
  return { exit, reset, cluster, profile, workers: workers === undefined ? undefined : readWorkers(workers) };
}

function readWorkers(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 16) throw new Error(`Not a number of workers: ${text}`);
  return Number(text);
}
