import type { EntityType } from '../world/types.ts';

/** Limits a fault to some of the workspace's requests; without any it stays until it is removed. */
interface FaultBounds {
  readonly operationId?: string;
  /** Requests that pass unharmed first. */
  readonly skip?: number;
  /** Requests that are harmed before the fault is spent. */
  readonly times?: number;
  readonly durationMs?: number;
}

/** One kind of misbehaviour; `page` counts from 1 in every paging style. */
type FaultKind =
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs?: number }
  | { readonly kind: 'rate-limit'; readonly retryAfterSeconds?: number; readonly asDate?: boolean }
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly contentType?: string }
  | { readonly kind: 'html'; readonly status: 200 | 502 }
  | { readonly kind: 'hang'; readonly at: 'headers' | 'body' }
  | { readonly kind: 'reset'; readonly at: 'headers' | 'body' }
  | { readonly kind: 'slow-body'; readonly bytesPerSecond: number }
  | { readonly kind: 'truncated-json' }
  | { readonly kind: 'wrong-length' }
  | { readonly kind: 'token-revoked' }
  | { readonly kind: 'scope-missing' }
  | { readonly kind: 'feature-gated'; readonly status: 402 | 403 }
  | { readonly kind: 'page-size-cap'; readonly steps: readonly PageSizeStep[]; readonly refuse?: boolean }
  | { readonly kind: 'page-ignored' }
  | { readonly kind: 'page-repeated'; readonly page: number }
  | { readonly kind: 'page-empty'; readonly page: number }
  | { readonly kind: 'last-page-lies'; readonly claim: boolean }
  | { readonly kind: 'rows-hidden'; readonly every: number }
  | { readonly kind: 'rows-duplicated'; readonly rows: number }
  | { readonly kind: 'wrong-envelope' }
  | { readonly kind: 'clock-skew'; readonly seconds: number }
  | { readonly kind: 'churn'; readonly entity: EntityType; readonly perSecond: number; readonly parentId?: string };

/** From the `after`-th request on (0 = at once) a page holds at most `size` rows. */
export interface PageSizeStep {
  readonly after: number;
  readonly size: number;
}

export type Fault = FaultBounds & FaultKind;

export type FaultOf<K extends Fault['kind']> = Extract<Fault, { readonly kind: K }>;

export interface ArmedFault<K extends Fault['kind'] = Fault['kind']> {
  readonly id: string;
  readonly fault: FaultOf<K>;
  /** Requests it has met, this one included. */
  readonly met: number;
}
