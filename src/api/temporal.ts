import { Client, Connection, WorkflowUpdateRPCTimeoutOrCancelledError, isGrpcServiceError } from '@temporalio/client';
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
  return new Client({
    connection: Connection.lazy({ address, channelArgs: buildChannelArgs(silenceMs), interceptors: [] }),
    namespace,
  });
}

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

/** The SDK wraps some gRPC errors; the cause tells. */
function isTransportFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  return (isGrpcServiceError(error) && transportFaults.includes(error.code)) || isTransportFault(error.cause);
}
