import { parseArgs } from 'node:util';
import { isRegion, regions } from './regions.ts';
import type { Region } from './regions.ts';

export interface MirrorFlags {
  /** Undefined: the person chooses. */
  readonly workspace: string | undefined;
  readonly region: Region;
  /** Origin of a simulator on this machine, instead of a region. */
  readonly apiUrl: string | undefined;
  /** Time entries of so many days; undefined: all. */
  readonly timeEntryDays: number | undefined;
  /** Starts without asking. */
  readonly yes: boolean;
  /** Destroys the copy instead of making one. */
  readonly remove: boolean;
  /** Keeps the status page up afterwards. */
  readonly stay: boolean;
  /** Undefined: `.data/mirror`. */
  readonly data: string | undefined;
}

export const usage = `Usage: CLOCKIFY_API_KEY=... npm run mirror -- [options]
  --workspace ID      the workspace to copy (default: you choose among those of the key)
  --region NAME       ${regions.join(', ')} (default global)
  --since YYYY-MM-DD  leave out time entries that are older
  --yes               start without asking
  --stay              keep the status page up when the copy is done
  --remove            destroy the copy of the workspace, and start nothing
  --data PATH         where copies are kept (default .data/mirror)
  --api-url ORIGIN    a simulator on this machine instead of Clockify`;

const dayMs = 86_400_000;
const mostDays = 36_500;

/** Throws with the usage for anything it does not know, and quotes no argument: one of them may be a key. */
export function parseFlags(args: readonly string[], now: Date = new Date()): MirrorFlags {
  const { region = 'global', 'api-url': apiUrl, since, workspace, ...others } = readOptions(args);
  if (!isRegion(region)) throw refused(`--region is one of ${regions.join(', ')}.`);
  if (workspace !== undefined && !/^[0-9a-f]{24}$/.test(workspace)) throw refused('--workspace is not an id.');
  return {
    workspace,
    region,
    apiUrl: apiUrl === undefined ? undefined : readLoopbackOrigin(apiUrl),
    timeEntryDays: since === undefined ? undefined : countDays(since, now),
    yes: others.yes,
    stay: others.stay,
    remove: others.remove,
    data: others.data,
  };
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        workspace: { type: 'string' },
        region: { type: 'string' },
        'api-url': { type: 'string' },
        since: { type: 'string' },
        data: { type: 'string' },
        yes: { type: 'boolean', default: false },
        stay: { type: 'boolean', default: false },
        remove: { type: 'boolean', default: false },
      },
    }).values;
  } catch {
    throw refused('An argument is not understood. The API key is taken from CLOCKIFY_API_KEY alone.');
  }
}

/** Plain http carries the key, so it must not leave the machine. */
function readLoopbackOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url === undefined || !isLoopback || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw refused('--api-url is only for a simulator on this machine, such as http://127.0.0.1:4010.');
  }
  return url.origin;
}

function countDays(since: string, now: Date): number {
  const day = /^\d{4}-\d\d-\d\d$/.test(since) ? new Date(`${since}T00:00:00Z`) : new Date(NaN);
  const isReal = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(since);
  const days = Math.max(1, Math.ceil((now.getTime() - day.getTime()) / dayMs));
  if (!isReal || day > now || days > mostDays) throw refused('--since is not a past day such as 2026-01-31.');
  return days;
}

const refused = (sentence: string): Error => new Error(`${sentence}\n\n${usage}`);
