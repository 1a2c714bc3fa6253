import { AsyncLocalStorage } from 'node:async_hooks';
import {
  Client,
  Connection,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
} from '@temporalio/client';
import type { ConnectionLike } from '@temporalio/client';
import { AddonError } from '../domain/errors.ts';

export interface TemporalOptions {
  readonly address: string;
  readonly namespace: string;
  /** After so long without a word Temporal is asked for one; without an answer it counts as gone. */
  readonly silenceMs?: number;
}

/**
 * gRPC's own pause between attempts to connect grows to two minutes, long after Temporal is back; and it would stay with
 * a dead connection for ever. Temporal's server ends connections that ask more often than every ten seconds.
 */
const buildChannelArgs = (silenceMs: number) => ({
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.keepalive_time_ms': silenceMs,
  'grpc.keepalive_timeout_ms': Math.min(silenceMs, 5_000),
  'grpc.keepalive_permit_without_calls': 1,
});

/**
 * A client that connects with its first call, so that the API starts without Temporal. It repeats nothing by itself: the
 * SDK's retries outlive the deadline of their call, and even the connection. Whoever calls can ask again.
 */
export function createTemporalClient({ address, namespace, silenceMs = 11_000 }: TemporalOptions): Client {
  const options = { address, channelArgs: buildChannelArgs(silenceMs), interceptors: [] };
  return new Client({ connection: createRenewedConnection(() => Connection.lazy(options), silenceMs), namespace });
}

/**
 * gRPC waits for ever for a server that takes a connection and never says a word on it, so one on which calls ran out of
 * time, and none had an answer for so long, is replaced by another.
 */
function createRenewedConnection(open: () => Connection, silenceMs: number): ConnectionLike {
  /** A call stays on the connection that holds its deadline. */
  const own = new AsyncLocalStorage<Connection>();
  let current = open();
  let answeredAt = Date.now();

  function renew(silent: Connection): void {
    if (silent !== current || Date.now() - answeredAt < silenceMs) return;
    [current, answeredAt] = [open(), Date.now()];
    void silent.close();
  }

  return {
    get workflowService() {
      return (own.getStore() ?? current).workflowService;
    },
    get operatorService() {
      return (own.getStore() ?? current).operatorService;
    },
    get plugins() {
      return current.plugins;
    },
    close: () => current.close(),
    ensureConnected: () => current.ensureConnected(),
    withMetadata: (metadata, work) => current.withMetadata(metadata, work),
    withAbortSignal: (signal, work) => (own.getStore() ?? current).withAbortSignal(signal, work),
    async withDeadline(deadline, work) {
      const asked = current;
      try {
        const answer = await own.run(asked, () => asked.withDeadline(deadline, work));
        answeredAt = Date.now();
        return answer;
      } catch (error) {
        if (isDeadline(error)) renew(asked);
        throw error;
      }
    },
  };
}

/** The SDK wraps some gRPC errors; the cause tells. */
const isCausedBy = (error: unknown, isIt: (cause: Error) => boolean): boolean =>
  error instanceof Error && (isIt(error) || isCausedBy(error.cause, isIt));

const isDeadline = (error: unknown): boolean => isCausedBy(error, isGrpcDeadlineError);

/** Runs calls that must be answered within so many milliseconds. Throws `temporal_unavailable` when Temporal is away. */
export async function askTemporal<T>(client: Client, milliseconds: number, work: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + milliseconds, work);
  } catch (error) {
    if (isTransportFault(error))
      throw new AddonError('temporal_unavailable', 'Temporal does not answer at the moment.');
    throw error;
  }
}

/** gRPC: cancelled, deadline exceeded, resource exhausted, unavailable. */
const transportFaults = [1, 4, 8, 14];

const isTransportFault = (error: unknown): boolean =>
  isCausedBy(
    error,
    (cause) =>
      cause instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
      (isGrpcServiceError(cause) && transportFaults.includes(cause.code)),
  );
