import { parseArgs } from 'node:util';
import type { ProfileName } from '../../simulator/world/types.ts';

const profiles = ['XS', 'S', 'M', 'L', 'X'] as const;

export interface FaultFlags {
  /** Empty: all. */
  readonly rows: readonly number[];
  readonly seed: number;
  /** Random schedules; 0: the rows instead. */
  readonly random: number;
  readonly profile: ProfileName;
  /** Of workers, and a quarter as many of APIs, in one run; 0: the rows as they are. */
  readonly kills: number;
  /** Changes that are told while APIs and workers are killed at random; 0: the rows as they are. */
  readonly deliveries: number;
  readonly patience: number;
  /** Only lists what there is. */
  readonly list: boolean;
}

const usage = `Usage: npm run faults -- [options]
  --row N           only this row of the matrix; may be repeated
  --random N        N random schedules of one to five faults instead; the first has the seed, the next the seed plus one
  --seed S          makes the same choices again (default 1)
  --profile ${profiles.join('|')}  size of the workspace for --kills and --random (default XS)
  --kills N         kill -9 of workers N times, and of APIs a quarter as often, in one run
  --deliveries N    kill -9 of APIs and workers at random while N changes are told
  --patience N      bars of time are N times as long, for a machine that is busy (default 1)
  --list            the rows, and what this machine cannot inject`;

/** Throws with the usage for anything it does not know. */
export function parseFlags(args: readonly string[]): FaultFlags {
  try {
    return readFlags(args);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage}`, { cause: error });
  }
}

function readFlags(args: readonly string[]): FaultFlags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      row: { type: 'string', multiple: true, default: [] },
      random: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      profile: { type: 'string', default: 'XS' },
      kills: { type: 'string', default: '0' },
      deliveries: { type: 'string', default: '0' },
      patience: { type: 'string', default: '1' },
      list: { type: 'boolean', default: false },
    },
  });
  const profile = profiles.find((name) => name === values.profile);
  if (profile === undefined) throw new Error(`Unknown profile ${values.profile}`);
  return {
    rows: values.row.map(readNumber),
    seed: readNumber(values.seed),
    random: readNumber(values.random),
    profile,
    kills: readNumber(values.kills),
    deliveries: readNumber(values.deliveries),
    patience: readNumber(values.patience),
    list: values.list,
  };
}

function readNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`Not a whole number: ${text}`);
  return Number(text);
}
