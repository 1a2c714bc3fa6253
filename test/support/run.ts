import { readMirror } from '../../scripts/demo/mirror.ts';
import type { BootstrapStatus } from '../../src/domain/bootstrap-status.ts';
import type { Diagnosis } from '../../src/domain/diagnosis.ts';
import type { Addon } from './addon.ts';
import { waitUntil } from './wait-until.ts';

/** Calls one of our routes as the owner of the workspace. */
export async function callAsOwner(addon: Addon, workspaceId: string, path: string, body?: object): Promise<Response> {
  const { token } = addon.simulator.userToken(workspaceId);
  return fetch(`${addon.baseUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-addon-token': token, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

export async function readStatus(addon: Addon, workspaceId: string): Promise<BootstrapStatus> {
  const response = await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/status`);
  if (!response.ok) throw new Error(`status: ${response.status} ${await response.text()}`);
  return (await response.json()) as BootstrapStatus;
}

/** Waits for a state of the run; an API or a database that is away in between is asked again. */
export async function waitForStatus(
  addon: Addon,
  workspaceId: string,
  holds: (status: BootstrapStatus) => boolean,
  limitMs = 240_000,
): Promise<BootstrapStatus> {
  let last: BootstrapStatus | null = null;
  await waitUntil(async () => {
    last = await readStatus(addon, workspaceId).catch(() => null);
    return last !== null && holds(last);
  }, limitMs);
  if (last === null) throw new Error('there is no status');
  return last;
}

export const waitForEnd = (addon: Addon, workspaceId: string): Promise<BootstrapStatus> =>
  waitForStatus(addon, workspaceId, ({ finishedAt }) => finishedAt !== null);

/** The self-test that follows an install, once it has ended: nothing is asked of Clockify after it unless a run starts. */
export async function waitForDiagnosis(addon: Addon, workspaceId: string): Promise<Diagnosis> {
  let last: Diagnosis | null = null;
  await waitUntil(async () => {
    const response = await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}/diagnosis`).catch(() => null);
    if (response?.ok === true) ({ diagnosis: last } = (await response.json()) as { diagnosis: Diagnosis | null });
    return last !== null;
  }, 60_000);
  if (last === null) throw new Error('there is no diagnosis');
  return last;
}

/** Starts a run and waits for its end. */
export async function runBootstrap(addon: Addon, workspaceId: string, options: object = {}): Promise<BootstrapStatus> {
  const before = (await readStatus(addon, workspaceId)).runId;
  const started = await callAsOwner(addon, workspaceId, `/bootstrap/${workspaceId}`, options);
  if (started.status !== 200) throw new Error(`start: ${started.status} ${await started.text()}`);
  return waitForStatus(addon, workspaceId, ({ runId, finishedAt }) => runId !== before && finishedAt !== null);
}

/** What the mirror and the simulator hold of the kinds that a run read: equal exactly when the copy is. */
export async function compareWithTruth(
  addon: Addon,
  workspaceId: string,
  { entities }: BootstrapStatus,
): Promise<{ mirror: Record<string, unknown>; truth: Record<string, unknown> }> {
  const stored = await readMirror(addon.adminUrl, workspaceId);
  const truth: Record<string, { count: number; hash: string }> = addon.simulator.truth(workspaceId);
  const names = entities.filter(({ state }) => state !== 'skipped').map(({ entity }) => entity);
  const pick = (source: (name: string) => { count: number; hash: string } | undefined): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [name, countAndHash(source(name))]));
  return { mirror: pick((name) => stored.get(name)), truth: pick((name) => truth[name]) };
}

/** Where there are no rows there is no hash to compare. */
const countAndHash = (content: { count: number; hash: string } | undefined): object =>
  content === undefined || content.count === 0 ? { count: 0 } : { count: content.count, hash: content.hash };
