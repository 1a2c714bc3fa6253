import type { KeptAside } from '../db/early-webhooks.ts';
import type { NewDelivery } from '../db/webhook-events.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import { readWebhookBody } from '../domain/webhook-body.ts';
import type { WebhookBody } from '../domain/webhook-body.ts';
import type { WebhookIntake } from './webhook-intake.ts';
import type { Proof } from './webhook-proof.ts';

export interface WebhookReceiverDeps {
  readonly intake: WebhookIntake;
  readonly keepAside: (delivery: NewDelivery) => Promise<KeptAside>;
}

export interface ProvenDelivery {
  readonly proof: Proof;
  readonly path: string;
  readonly event: string;
  readonly raw: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string;
}

export interface Receipt {
  readonly outcome: 'stored' | 'coalesced' | 'quarantined';
  readonly fault: string | null;
}

const mostEarlyBytes = 32 * 1024 * 1024;

/**
 * Stores what was proven; it resolves after the commit. Throws `workspace_mismatch` for a body of another workspace, and
 * `storage_unavailable` when the delivery should come again.
 */
export function createWebhookReceiver({ intake, keepAside }: WebhookReceiverDeps) {
  let lastEarly: Promise<unknown> = Promise.resolve();
  let earlyBytes = 0;

  /** One at a time: strangers must not take the connections that the deliveries of others need. */
  async function keepInTurn(delivery: NewDelivery): Promise<KeptAside> {
    const bytes = delivery.raw.length;
    if (earlyBytes + bytes > mostEarlyBytes) throw comeAgain('early');
    earlyBytes += bytes;
    const kept = lastEarly.then(() => keepAside(delivery)).finally(() => (earlyBytes -= bytes));
    lastEarly = kept.catch(() => {});
    return kept;
  }

  async function store(delivery: NewDelivery): Promise<Receipt> {
    const count = await intake.submit(delivery);
    if (count === null) throw comeAgain('out_of_use');
    const { fault } = delivery;
    if (fault !== null) return { outcome: 'quarantined', fault };
    return { outcome: count > 1 ? 'coalesced' : 'stored', fault };
  }

  return async function receive({ proof, raw, ...rest }: ProvenDelivery): Promise<Receipt> {
    const body = readWebhookBody(raw);
    assertSameWorkspace(body, proof.ref);
    const { fault = null, json } = body;
    const delivery = { ...rest, ...proof.ref, tokenDigest: proof.tokenDigest, raw, fault, json };
    if (proof.standing === 'unknown' && (await keepInTurn(delivery)) !== 'known') throw comeAgain('early');
    return store(delivery);
  };
}

function assertSameWorkspace({ workspaceId }: WebhookBody, ref: InstallationRef): void {
  if (workspaceId === undefined || workspaceId === ref.workspaceId) return;
  throw new AddonError('workspace_mismatch', 'The body names another workspace than the token.');
}

/** 503: Clockify repeats what is answered so. */
export const comeAgain = (reason: 'early' | 'out_of_use'): AddonError =>
  new AddonError('storage_unavailable', 'The delivery cannot be taken at the moment. Please repeat it.', { reason });
