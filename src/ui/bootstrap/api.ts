import type { BootstrapOptions } from '../../domain/bootstrap-options.ts';
import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import { Refusal, readRefusal } from '../refusal.ts';
import type { Session } from '../session.ts';

export type Command =
  | { readonly action: 'start'; readonly body: Partial<BootstrapOptions> }
  | { readonly action: 'pause' | 'resume'; readonly body: { readonly reason?: string } };

export type BootstrapApi = ReturnType<typeof createBootstrapApi>;

const timeoutMs = 15_000;

/** The bootstrap routes, for the viewer's workspace. Every failure is thrown as a {@link Refusal}. */
export function createBootstrapApi(session: Session) {
  const base = `/bootstrap/${encodeURIComponent(session.claims.workspaceId)}`;

  return {
    async status(signal: AbortSignal): Promise<BootstrapStatus> {
      const response = await request(`${base}/status`, { signal: AbortSignal.any([signal, timeout()]) });
      return (await response.json()) as BootstrapStatus;
    },

    async send({ action, body }: Command): Promise<void> {
      const path = action === 'start' ? base : `${base}/${action}`;
      await request(path, { method: 'POST', body: JSON.stringify(body), signal: timeout() });
    },
  };

  async function request(path: string, init: RequestInit): Promise<Response> {
    const headers = { 'X-Addon-Token': session.token(), 'Content-Type': 'application/json' };
    const response = await fetch(path, { ...init, headers, credentials: 'omit', cache: 'no-store' }).catch(() => {
      throw new Refusal('unreachable');
    });
    if (!response.ok) throw await readRefusal(response);
    return response;
  }
}

function timeout(): AbortSignal {
  return AbortSignal.timeout(timeoutMs);
}
