import type { Hook } from '../webhooks/hook.ts';
import { startWatched, type Watched } from './watched.ts';

interface ApiAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** An add-on that may call the webhooks family. */
export interface WebhookApi extends Watched {
  /** A body that makes a webhook for changed clients. */
  sound(): Record<string, unknown>;
  /** Calls below the workspace, with the installation token unless other headers are named. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  create(changes?: Record<string, unknown>): Promise<Hook>;
  listed(path?: string): Promise<readonly Hook[]>;
  /** Changes a client and waits for what that causes; answers its id. */
  renameClient(index?: number): Promise<string>;
}

export async function startWebhookApi(plan = 'PRO'): Promise<WebhookApi> {
  const watched = await startWatched({
    events: ['NEW_TAG'],
    install: { plan, scopes: ['WORKSPACE_READ', 'WORKSPACE_WRITE'] },
  });
  const { simulator, workspaceId, install, addon } = watched;
  simulator.setWebhooks(workspaceId, { open: true });

  const sound = () => ({
    name: 'Clients that change',
    url: `${addon.manifest.baseUrl}/webhooks/CLIENT_UPDATED`,
    webhookEvent: 'CLIENT_UPDATED',
    triggerSource: [],
    triggerSourceType: 'WORKSPACE_ID',
  });

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { 'x-addon-token': install.installationToken },
  ): Promise<ApiAnswer> {
    const response = await fetch(`${simulator.url}/api/v1/workspaces/${workspaceId}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as ApiAnswer['body'] };
  }

  return {
    ...watched,
    sound,
    call,
    create: async (changes = {}) =>
      (await call('POST', '/webhooks', { ...sound(), ...changes })).body as unknown as Hook,
    listed: async (path = '/webhooks') => (await call('GET', path)).body['webhooks'] as readonly Hook[],
    async renameClient(index = 0) {
      const client = simulator.rows(workspaceId, 'clients')[index];
      const update = [{ key: String(client?.['id']), fields: { name: `client ${Math.random()}` } }];
      simulator.mutate(workspaceId, { entity: 'clients', update });
      await simulator.settleDeliveries(workspaceId);
      return String(client?.['id']);
    },
  };
}
