import { Agent, request } from 'undici';
import { AddonError } from '../domain/errors.ts';
import { assertSuccess, parseJson, readClockSkew } from './answers.ts';
import type { RawAnswer } from './answers.ts';
import { assertAllowedUrl } from './egress.ts';
import { readLimited } from './read-limited.ts';

/** What opens Clockify's API: the token of an add-on, or somebody's own API key. */
export interface Credential {
  readonly kind: 'addon' | 'personal';
  /** Revealed into one header and nowhere else. */
  readonly secret: { reveal(): string };
}

export interface ClockifyRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly credential: Credential;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

export interface ClockifyAnswer {
  readonly body: unknown;
  /** `Last-Page`, where the platform sends it. */
  readonly lastPage: boolean | null;
  /** How far Clockify's clock is ahead of ours, to about a second; absent without a readable `Date`. */
  readonly clockSkewMs?: number;
}

export interface ClockifyClientOptions {
  readonly allowedDomains: readonly string[];
  /** Called once per attempt with the status, null when no answer came, and how long it took; for metrics. */
  readonly onAnswer?: (status: number | null, seconds: number) => void;
  readonly timeouts?: { readonly idleMs: number; readonly totalMs: number };
}

interface TimedAnswer extends RawAnswer {
  /** Of the headers, in epoch milliseconds. */
  readonly arrivedAt: number;
}

/** Clockify refuses a request that carries both. */
const headerOf = { addon: 'x-addon-token', personal: 'x-api-key' } as const satisfies Record<
  Credential['kind'],
  string
>;

const maxAnswerBytes = 32 * 1024 * 1024;

/**
 * The one door out: only Clockify's hosts, no redirects, one attempt, 10 s of silence and 30 s in all at most,
 * 32 MiB at most. Failures come out as AddonError with a `clockify_…` code; whoever calls decides about repeating.
 */
export function createClockifyClient(options: ClockifyClientOptions) {
  const { idleMs, totalMs } = options.timeouts ?? { idleMs: 10_000, totalMs: 30_000 };
  const agent = new Agent({
    connect: { timeout: idleMs },
    headersTimeout: idleMs,
    bodyTimeout: idleMs,
    connections: 64,
  });

  async function send({ method, url, credential, body, signal }: ClockifyRequest): Promise<TimedAnswer> {
    const deadline = AbortSignal.timeout(totalMs);
    const answer = await request(url, {
      method,
      dispatcher: agent,
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      headers: {
        [headerOf[credential.kind]]: credential.secret.reveal(),
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return {
      arrivedAt: Date.now(),
      status: answer.statusCode,
      headers: answer.headers,
      text: await readLimited(answer.body, maxAnswerBytes, tooLarge),
    };
  }

  return {
    async call(call: ClockifyRequest): Promise<ClockifyAnswer> {
      assertAllowedUrl(call.url, options.allowedDomains);
      const sentAt = performance.now();
      const tell = (status: number | null): void => options.onAnswer?.(status, (performance.now() - sentAt) / 1000);
      const answer = await send(call).catch((error: unknown) => {
        tell(null);
        throw toAddonError(error, call.signal);
      });
      tell(answer.status);
      assertSuccess(answer);
      const lastPage = answer.headers['last-page'];
      return {
        body: parseJson(answer.text),
        lastPage: typeof lastPage === 'string' ? lastPage === 'true' : null,
        ...readClockSkew(answer.headers['date'], answer.arrivedAt),
      };
    },

    close: (): Promise<void> => agent.close(),
  };
}

export type ClockifyClient = ReturnType<typeof createClockifyClient>;

const tooLarge = (): AddonError => new AddonError('clockify_answer_malformed', 'Clockify answered with too much data.');

/** A cancelled caller gets its own reason back; everything else is the network's or the platform's doing. */
function toAddonError(error: unknown, callerSignal: AbortSignal | undefined): unknown {
  if (error instanceof AddonError || callerSignal?.aborted === true) return error;
  return /^\w*TimeoutError/.test(String(error))
    ? new AddonError('clockify_timeout', 'Clockify did not answer in time.')
    : new AddonError('clockify_unavailable', 'The connection to Clockify failed.');
}
