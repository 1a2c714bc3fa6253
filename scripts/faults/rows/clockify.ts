import type { Fault } from '../../../simulator/faults/types.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { misbehave, onePageEach } from './steps.ts';

const stormMs = 6_000;
/** During a storm of 429 one request a second may ask whether it is over; the first refusal meets those in flight. */
const mostProbes = stormMs / 1_000 + onePageEach;
/** The longest pause that a 429 can order. */
const longestPauseMs = 900_000;

type Bounded = Pick<Fault, 'times' | 'durationMs' | 'skip' | 'operationId'>;

const passing = (moment: string, fault: Fault, limitMs?: number): FaultCell => ({
  moment,
  isMixable: true,
  inject: (scene) => misbehave(scene, fault, limitMs),
  // Clockify counts an answer that never arrived whole as given.
  accept: { refetched: fault.times ?? 0 },
});

const countRefused = ({ stack, workspaceId }: Scene): number =>
  stack.simulator.ledger(workspaceId).statuses['429'] ?? 0;

const storm = (moment: string, answer: { retryAfterSeconds?: number; asDate?: boolean }): FaultCell => ({
  ...passing(moment, { kind: 'rate-limit', durationMs: stormMs, ...answer }),
  accept: {
    check: (scene) => {
      const refused = countRefused(scene);
      return refused > mostProbes ? [`${refused} requests were refused with 429, ${mostProbes} are enough`] : [];
    },
  },
});

const absurdPause: FaultCell = {
  moment: 'with a Retry-After of a day',
  inject: (scene) => misbehave(scene, { kind: 'rate-limit', times: 1, retryAfterSeconds: 86_400 }),
  accept: {
    ends: 'open',
    check: async ({ stack, workspaceId }) => {
      const [budget] = await stack.rows<{ ms: number | null }>(
        `select extract(epoch from paused_until - clock_timestamp())::float8 * 1000 as ms
         from rate_limits where workspace_id = $1`,
        [workspaceId],
      );
      const pauseMs = budget?.ms ?? 0;
      return pauseMs > 0 && pauseMs <= longestPauseMs ? [] : [`the pause lasts ${Math.round(pauseMs / 1000)} s`];
    },
  },
};

const burst = (status: number): FaultCell =>
  passing(`answer ${status}`, { kind: 'status', status, durationMs: stormMs });

/** An answer that never pauses is given up after 30 s in all, and the page is asked for again. */
const dripping: FaultCell = {
  ...passing('a byte a second', { kind: 'slow-body', bytesPerSecond: 1, times: 2 }),
  accept: { refetched: 2, recoveryMs: 35_000 },
};

const some = { times: onePageEach } satisfies Bounded;

export const clockifyRows: readonly FaultRow[] = [
  {
    row: 28,
    fault: 'a storm of 429',
    cells: [
      storm('without Retry-After', {}),
      storm('with a Retry-After of a second', { retryAfterSeconds: 1 }),
      storm('with a Retry-After as a date', { retryAfterSeconds: 2, asDate: true }),
      storm('with a negative Retry-After', { retryAfterSeconds: -5 }),
      absurdPause,
    ],
  },
  { row: 29, fault: 'a burst of server errors', cells: [500, 502, 503, 504].map(burst) },
  {
    row: 30,
    fault: 'Clockify is silent',
    cells: [
      passing('before the answer', { kind: 'hang', at: 'headers', ...some }),
      passing('within the answer', { kind: 'hang', at: 'body', ...some }),
      dripping,
    ],
  },
  {
    row: 31,
    fault: 'an answer is cut off',
    cells: [
      passing('JSON that ends early', { kind: 'truncated-json', ...some }),
      passing('fewer bytes than announced', { kind: 'wrong-length', ...some }),
      passing('the connection breaks before the answer', { kind: 'reset', at: 'headers', ...some }),
      passing('the connection breaks within the answer', { kind: 'reset', at: 'body', ...some }),
    ],
  },
  {
    row: 32,
    fault: 'something else answers',
    cells: [
      passing('an HTML page with 200', { kind: 'html', status: 200, ...some }),
      passing('an HTML page with 502', { kind: 'html', status: 502, ...some }),
      passing('JSON of another shape', { kind: 'wrong-envelope', ...some }),
    ],
  },
];
