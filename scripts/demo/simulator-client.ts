import type { Content } from './mirror.ts';
import type { InstalledWorkspace } from './state.ts';

export interface LedgerSummary {
  readonly requests: number;
  readonly maxInAnySecond: number;
  readonly repeated: readonly { readonly count: number }[];
}

export interface OwnerSession {
  readonly token: string;
  /** What the browser opens in the sidebar's frame. */
  readonly sidebarUrl: string | null;
}

async function call<T>(origin: string, method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const response = await fetch(`${origin}/__simulator/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The simulator refused ${method} ${path}: ${text}`);
  return (response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as T;
}

/** The simulator's own door: what on the real platform people do by hand, or cannot see at all. */
export const createSimulatorClient = (origin: string) => ({
  publicKey: (): Promise<string> => call(origin, 'GET', 'public-key'),

  async install(manifestUrl: string): Promise<InstalledWorkspace> {
    const body = { manifestUrl };
    const installed = await call<InstalledWorkspace & { status: number | null }>(
      origin,
      'POST',
      'workspaces/install',
      body,
    );
    const { status, workspaceId, addonId } = installed;
    if (status === null || status >= 300) throw new Error(`The add-on answered its installation with ${status}`);
    return { workspaceId, addonId };
  },

  /** A FREE workspace may send 30 requests an hour: a demo of the smallest profile would take hours. */
  async liftHourlyLimit(workspaceId: string): Promise<void> {
    await call(origin, 'POST', `workspaces/${workspaceId}/limits`, { perHour: null });
  },

  /** As the owner gets it with the sidebar; the token is good for 30 minutes. */
  openSidebar: ({ workspaceId }: InstalledWorkspace): Promise<OwnerSession> =>
    call(origin, 'POST', `workspaces/${workspaceId}/user-token`),

  /** As Clockify would sign it, but with these claims. */
  async mintUserToken({ workspaceId }: InstalledWorkspace, claims: Readonly<Record<string, string>>): Promise<string> {
    const body = { kind: 'user', claims };
    return (await call<{ token: string }>(origin, 'POST', `workspaces/${workspaceId}/token`, body)).token;
  },

  async truth(workspaceId: string): Promise<ReadonlyMap<string, Content>> {
    return new Map(
      Object.entries(await call<Record<string, Content>>(origin, 'GET', `workspaces/${workspaceId}/truth`)),
    );
  },

  ledger: (workspaceId: string): Promise<LedgerSummary> => call(origin, 'GET', `workspaces/${workspaceId}/ledger`),
});

export type SimulatorClient = ReturnType<typeof createSimulatorClient>;
