import type { SharedParts } from './test-stack.ts';

/** Asks the run's global set-up for a part; the first to ask waits for its start. */
export async function sharedPart<K extends keyof SharedParts>(name: K): Promise<SharedParts[K]> {
  const response = await fetch(`${process.env['TEST_STACK_URL']}/${name}`);
  const body = await response.text();
  if (!response.ok) throw new Error(`The test part ${name} did not start:\n${body}`);
  return JSON.parse(body) as SharedParts[K];
}
