import { z } from 'zod';
import { buildUrl } from '../clockify/egress.ts';
import { AddonError } from '../domain/errors.ts';
import type { ListedHook } from '../domain/webhook-plan.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';
import type { Gateway, GatewayAnswer, GatewayCall } from './clockify-gateway.ts';
import type { Access } from './installation-access.ts';
import { withRetries } from './retries.ts';
import type { RetryOptions } from './retries.ts';

const hookSchema = z.object({
  id: z.string().min(1),
  url: z.string(),
  webhookEvent: z.string(),
  enabled: z.boolean().default(true),
  deliveryEnabled: z.boolean().default(true),
  planEnabled: z.boolean().default(true),
});
const listSchema = z.object({ webhooks: z.array(hookSchema) });
const createdSchema = z.object({ id: z.string().min(1), authToken: z.string().min(1) });
const attemptSchema = z.object({
  statusCode: z.number().nullable().catch(null),
  respondedAt: z.string().nullable().catch(null),
  requestBody: z.string().nullable().catch(null),
});

/** A webhook with the token that its deliveries carry. */
export interface CreatedHook {
  readonly id: string;
  readonly authToken: string;
}

/** One attempt of Clockify to deliver. */
export interface DeliveryAttempt {
  readonly statusCode: number | null;
  /** ISO 8601 in UTC. */
  readonly respondedAt: string | null;
  readonly requestBody: string | null;
}

interface LogSearch {
  readonly from: Date;
  readonly to: Date;
  readonly status: 'ALL' | 'FAILED';
  /** Counted from 0. */
  readonly page: number;
}

export interface LogPage {
  /** Newest first; without rows that nobody can read. */
  readonly attempts: readonly DeliveryAttempt[];
  readonly isLast: boolean;
}

export interface FamilyDeps {
  readonly gateway: Gateway;
  readonly requestsPerSecond: number;
}

export type WebhookFamily = ReturnType<typeof createWebhookFamily>;

interface FamilyOptions extends RetryOptions {
  /** Which line its calls wait in, and for how long; without, in that of calls which somebody waits for. */
  readonly line?: Pick<GatewayCall, 'lane' | 'maxWaitMs'>;
}

const promptLine = { lane: 'interactive', maxWaitMs: 10_000 } as const;
const logPageSize = 50;

/**
 * Clockify's webhooks, for one installation. Failures come out as AddonError, after up to five tries. Live, the whole
 * family is closed to add-ons; who finds it so should ask nothing more of it.
 */
export function createWebhookFamily(
  { gateway, requestsPerSecond }: FamilyDeps,
  { installation, credential }: Access,
  { line = promptLine, ...options }: FamilyOptions,
) {
  const { apiUrl, workspaceId, addonId } = installation;
  const webhooks = '/workspaces/{workspaceId}/webhooks';

  const call = (
    method: GatewayCall['method'],
    path: string,
    { parameters = {}, query = {}, body }: CallParts = {},
  ): Promise<GatewayAnswer> =>
    gateway.call({
      method,
      url: buildUrl(apiUrl, path, { workspaceId, ...parameters }, query),
      credential,
      workspaceId,
      requestsPerSecond,
      ...line,
      signal: options.signal,
      ...(body !== undefined && { body }),
    });

  const readList = async (path: string, parameters?: Record<string, string>): Promise<ListedHook[]> => {
    const { body } = await withRetries(() => call('GET', path, { ...(parameters && { parameters }) }), options);
    return parse(listSchema, body).webhooks.map(({ id, url, webhookEvent, ...switches }) => ({
      id,
      url,
      event: webhookEvent,
      isOn: switches.enabled && switches.deliveryEnabled && switches.planEnabled,
    }));
  };

  /** Those of the workspace and those of the add-on: whether one list holds both kinds is not documented. */
  async function list(): Promise<ListedHook[]> {
    const ofWorkspace = await readList(webhooks);
    const ofAddon = await readList('/workspaces/{workspaceId}/addons/{addonId}/webhooks', { addonId });
    const others = ofAddon.filter(({ id }) => ofWorkspace.every((one) => one.id !== id));
    return [...ofWorkspace, ...others];
  }

  /** Doing it twice is no harm: the token that came last counts. */
  const rotate = async (webhookId: string): Promise<CreatedHook> => {
    const path = `${webhooks}/{webhookId}/token`;
    return withRetries(
      async () => parse(createdSchema, (await call('PATCH', path, { parameters: { webhookId } })).body),
      options,
    );
  };

  return {
    list,
    rotate,

    /** Makes a webhook for the whole workspace. After a failure it looks first whether there is one by now. */
    create: (event: WebhookEvent, url: string): Promise<CreatedHook> =>
      withRetries(async (isRepeat) => {
        const found = isRepeat ? (await list()).find((hook) => hook.url === url && hook.event === event) : undefined;
        if (found !== undefined) return rotate(found.id);
        const body = { name: nameOf(event), url, webhookEvent: event, ...wholeWorkspace };
        return parse(createdSchema, (await call('POST', webhooks, { body })).body);
      }, options),

    remove: async (webhookId: string): Promise<void> => {
      await withRetries(async (isRepeat) => {
        try {
          await call('DELETE', `${webhooks}/{webhookId}`, { parameters: { webhookId } });
        } catch (error) {
          const isGone = error instanceof AddonError && error.code === 'clockify_entity_gone';
          if (!isRepeat || !isGone) throw error;
        }
      }, options);
    },

    /** A page of the attempts to deliver. Clockify keeps seven days. */
    readLog: async (webhookId: string, { from, to, status, page }: LogSearch): Promise<LogPage> => {
      const parts = {
        parameters: { webhookId },
        query: { page: String(page), size: String(logPageSize) },
        body: { from: from.toISOString(), to: to.toISOString(), sortByNewest: true, status },
      };
      const { body } = await withRetries(() => call('POST', `${webhooks}/{webhookId}/logs`, parts), options);
      const rows = parse(z.array(z.unknown()), body);
      return { attempts: rows.flatMap(readAttempt), isLast: rows.length < logPageSize };
    },
  };
}

function readAttempt(row: unknown): DeliveryAttempt[] {
  const { data } = attemptSchema.safeParse(row);
  if (data === undefined) return [];
  const at = Date.parse(data.respondedAt ?? '');
  return [{ ...data, respondedAt: Number.isNaN(at) ? null : new Date(at).toISOString() }];
}

interface CallParts {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** An empty source means every change in the workspace. */
const wholeWorkspace = { triggerSourceType: 'WORKSPACE_ID', triggerSource: [] };

/** Without a name, or with a longer one, Clockify refuses a webhook for reasons it does not have. */
const nameOf = (event: WebhookEvent): string => event.toLowerCase().replaceAll('_', ' ').slice(0, 30);

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const { data, success } = schema.safeParse(body);
  if (success) return data;
  throw new AddonError('clockify_answer_malformed', 'Clockify answered about webhooks in a form we do not know.');
}
