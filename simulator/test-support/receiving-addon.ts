import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Manifest } from '../platform/manifest.ts';

export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Empty where the bytes are no JSON. */
  readonly body: Record<string, unknown>;
  readonly raw: Buffer;
}

export interface ReceivingAddon {
  readonly manifestUrl: string;
  readonly manifest: Manifest;
  readonly received: ReceivedCall[];
  /** What was posted to a webhook, the oldest first. */
  webhooks(): readonly ReceivedCall[];
  close(): Promise<void>;
}

/** A status; `reset` cuts the connection, `silent` never answers. */
export type AddonAnswer = number | 'reset' | 'silent';

const families =
  'CLIENT PROJECT TAG TASK TIME_ENTRY EXPENSE INVOICE USER GROUP WORKSPACE CUSTOM_FIELDS APPROVAL SCHEDULING REPORTS TIME_OFF';

/** An add-on that serves a manifest and keeps every other call; `answer` is what it answers to those. */
export async function startReceivingAddon(
  changes: Partial<Manifest> = {},
  answer: number | ((call: ReceivedCall) => AddonAnswer | Promise<AddonAnswer>) = 204,
): Promise<ReceivingAddon> {
  const received: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/manifest') {
      response.end(JSON.stringify(manifest));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const raw = Buffer.concat(chunks);
      const call = { method, path, headers, raw, body: parse(raw) };
      received.push(call);
      void reply(response, typeof answer === 'number' ? answer : answer(call));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const manifest = { ...manifestAt(baseUrl), ...changes };
  return {
    manifestUrl: `${baseUrl}/manifest`,
    manifest,
    received,
    webhooks: () => received.filter(({ headers }) => headers['clockify-webhook-event-type'] !== undefined),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parse(raw: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(raw.toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function reply(response: ServerResponse, answer: AddonAnswer | Promise<AddonAnswer>): Promise<void> {
  const chosen = await answer;
  if (chosen === 'reset') response.socket?.resetAndDestroy();
  else if (chosen !== 'silent') response.writeHead(chosen).end();
}

function manifestAt(baseUrl: string): Manifest {
  const setting = { id: 'size', name: 'Size', accessLevel: 'ADMINS', type: 'NUMBER', value: 200 };
  return {
    schemaVersion: '1.6',
    key: 'receiving-addon',
    name: 'Receiving add-on',
    baseUrl,
    minimalSubscriptionPlan: 'FREE',
    scopes: families.split(' ').map((family) => `${family}_READ`),
    lifecycle: [
      { type: 'INSTALLED', path: '/lifecycle/installed' },
      { type: 'DELETED', path: '/lifecycle/deleted' },
      { type: 'STATUS_CHANGED', path: '/lifecycle/status' },
      { type: 'SETTINGS_UPDATED', path: '/lifecycle/settings' },
    ],
    webhooks: [
      { event: 'NEW_PROJECT', path: '/webhooks/NEW_PROJECT' },
      { event: 'NEW_TASK', path: '/webhooks/NEW_TASK' },
    ],
    components: [{ type: 'sidebar', label: 'Mine', accessLevel: 'ADMINS', path: '/ui?tab=1' }],
    settings: { tabs: [{ id: 'tab', name: 'Tab', settings: [setting] }] },
  };
}
