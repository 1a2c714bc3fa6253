import { setTimeout as sleep } from 'node:timers/promises';

export interface Check {
  readonly title: string;
  /** Resolves with what was found; throws when it is not as it should be. */
  readonly run: () => Promise<string>;
}

/** The events Clockify has: its documentation of webhooks lists so many. */
const clockifyEvents = 51;

/** How many different events a manifest declares. Throws when one of Clockify's is missing. */
export function countEvents(manifest: { readonly webhooks: readonly { readonly event: string }[] }): string {
  const events = new Set(manifest.webhooks.map(({ event }) => event));
  if (events.size !== clockifyEvents) throw new Error(`${events.size} events instead of ${clockifyEvents}`);
  return `${events.size} events`;
}

type Paths = Readonly<Record<string, Readonly<Record<string, { operationId?: string; tags?: readonly string[] }>>>>;

/** The operations of a tag, one a line. Throws when there is none. */
export function listOperations({ paths }: { readonly paths: Paths }, tag: string): string {
  const lines = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags?.includes(tag))
      .map(([method, { operationId }]) => `  ${method.toUpperCase().padEnd(6)} ${path}  ${operationId}`),
  );
  if (lines.length === 0) throw new Error(`no operation has the tag ${tag}`);
  return [`${lines.length} operations`, ...lines].join('\n');
}

export interface Probe {
  readonly url: string;
  /** What the answer must contain. */
  readonly contains: string;
  /** For a system that is still starting; absent: the first answer counts. */
  readonly patienceMs?: number;
}

async function ask({ url, contains }: Probe): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${body}`);
  if (!body.includes(contains)) throw new Error(`200, but without ${contains}`);
  return '200';
}

/** Asks until the answer is 200 with the text wanted. Throws what the last answer lacked. */
export async function probe(wanted: Probe): Promise<string> {
  for (const until = Date.now() + (wanted.patienceMs ?? 0); ; await sleep(250)) {
    try {
      return await ask(wanted);
    } catch (error) {
      if (Date.now() >= until) throw error;
    }
  }
}

export interface Tokens {
  readonly url: string;
  readonly valid: string;
  /** Signed by the same key, for another add-on. */
  readonly wrongSubject: string;
}

/** That a token of another add-on is refused, while ours opens the same address. */
export async function refusesWrongSubject({ url, valid, wrongSubject }: Tokens): Promise<string> {
  const statusFor = async (token: string): Promise<number> =>
    (await fetch(url, { headers: { 'x-addon-token': token } })).status;
  const [ours, others] = [await statusFor(valid), await statusFor(wrongSubject)];
  if (ours !== 200) throw new Error(`our own token is answered with ${ours}`);
  if (others !== 401) throw new Error(`a token for another add-on is answered with ${others}`);
  return '401, and 200 for our own';
}

/** Runs the checks in order, each whatever became of the others; true when all passed. */
export async function runChecks(checks: readonly Check[], log: (line: string) => void): Promise<boolean> {
  let passed = true;
  for (const { title, run } of checks) {
    try {
      log(`ok    ${title}: ${await run()}`);
    } catch (error) {
      passed = false;
      log(`FAIL  ${title}: ${(error as Error).message}`);
    }
  }
  return passed;
}
