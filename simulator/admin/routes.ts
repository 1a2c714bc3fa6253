import type { Fault } from '../faults/types.ts';
import type { TokenKind } from '../platform/claims.ts';
import type {
  ApiKeyOptions,
  InstallOptions,
  MintOptions,
  OpenOptions,
  UninstallOptions,
} from '../platform/requests.ts';
import type { Mutation } from '../platform/mutate.ts';
import type { LimitSettings } from '../platform/rate-limits.ts';
import type { FeedSettings, SettingValue } from '../platform/state.ts';
import type { Simulator } from '../simulator.ts';
import type { FireOptions } from '../webhooks/fire.ts';
import type { HookSwitches } from '../webhooks/hook.ts';
import type { WebhookSettings } from '../webhooks/settings.ts';
import type { TroubleOptions } from '../webhooks/trouble.ts';
import type { EntityType } from '../world/types.ts';

/** `id` and `name` are the variable parts of the path; `body` is parsed JSON, `{}` when none was sent. */
interface AdminCall {
  readonly id: string;
  readonly name: string;
  readonly body: unknown;
}

type Run = (simulator: Simulator, call: AdminCall) => unknown;

/** Bodies are believed: the callers are tests and the person at the keyboard. */
const bodyOf = <T>({ body }: AdminCall) => body as T;

/** Verb and path below `/__simulator/`; `:id` is a workspace, `:name` anything else. */
export const adminRoutes: Readonly<Record<string, Run>> = {
  'GET health': () => ({ status: 'ok' }),
  'GET public-key': (simulator) => simulator.publicKeyPem,
  'GET ledger': (simulator) => simulator.ledger(),
  'POST ledger/reset': (simulator) => simulator.resetLedger(),
  'POST workspaces/install': (simulator, call) => {
    const { manifestUrl, ...options } = bodyOf<InstallOptions & { manifestUrl: string }>(call);
    return simulator.install(manifestUrl, options);
  },
  'POST workspaces/open': (simulator, call) => simulator.open(bodyOf<OpenOptions>(call)),
  'POST workspaces/:id/uninstall': (simulator, call) => simulator.uninstall(call.id, bodyOf<UninstallOptions>(call)),
  'POST workspaces/:id/status': (simulator, call) =>
    simulator.setStatus(call.id, bodyOf<{ status: 'ACTIVE' | 'INACTIVE' }>(call).status),
  'POST workspaces/:id/settings': (simulator, call) =>
    simulator.changeSettings(call.id, bodyOf<{ id: string; value: SettingValue }[]>(call)),
  'POST workspaces/:id/user-token': (simulator, call) =>
    simulator.userToken(call.id, bodyOf<{ userId?: string; role?: string }>(call)),
  'POST workspaces/:id/token': (simulator, call) => {
    const { kind, ...options } = bodyOf<MintOptions & { kind: TokenKind }>(call);
    return { token: simulator.mintToken(kind, call.id, options) };
  },
  'POST workspaces/:id/api-key': (simulator, call) => simulator.issueApiKey(call.id, bodyOf<ApiKeyOptions>(call)),
  'POST workspaces/:id/role': (simulator, call) => {
    const { userId, role } = bodyOf<{ userId: string; role: string }>(call);
    simulator.setRole(call.id, userId, role);
  },
  'POST workspaces/:id/faults': (simulator, call) => ({ id: simulator.addFault(call.id, bodyOf<Fault>(call)) }),
  'GET workspaces/:id/faults': (simulator, call) => simulator.listFaults(call.id),
  'DELETE workspaces/:id/faults': (simulator, call) => ({ cleared: simulator.clearFaults(call.id) }),
  'DELETE workspaces/:id/faults/:name': (simulator, call) => ({ cleared: simulator.clearFaults(call.id, call.name) }),
  'POST workspaces/:id/limits': (simulator, call) => simulator.setLimits(call.id, bodyOf<Partial<LimitSettings>>(call)),
  'POST workspaces/:id/mutate': (simulator, call) => simulator.mutate(call.id, bodyOf<Mutation>(call)),
  'GET workspaces/:id/truth': (simulator, call) => simulator.truth(call.id),
  'GET workspaces/:id/truth/:name': (simulator, call) => simulator.rows(call.id, call.name as EntityType),
  'GET workspaces/:id/ledger': (simulator, call) => simulator.ledger(call.id),
  'GET workspaces/:id/webhooks': (simulator, call) => simulator.hooks(call.id),
  'POST workspaces/:id/webhooks/fire': (simulator, call) => ({
    deliveryIds: simulator.fireWebhook(call.id, bodyOf<FireOptions>(call)),
  }),
  'POST workspaces/:id/webhooks/settings': (simulator, call) =>
    simulator.setWebhooks(call.id, bodyOf<Partial<WebhookSettings>>(call)),
  'POST workspaces/:id/webhooks/trouble': (simulator, call) =>
    simulator.troubleWebhooks(call.id, bodyOf<TroubleOptions>(call)),
  'POST workspaces/:id/webhooks/hooks/:name': (simulator, call) =>
    simulator.setHook(call.id, call.name, bodyOf<Partial<HookSwitches>>(call)),
  'GET workspaces/:id/deliveries': (simulator, call) => simulator.deliveries(call.id),
  'GET workspaces/:id/deliveries/summary': (simulator, call) => simulator.deliverySummary(call.id),
  'GET workspaces/:id/deliveries/:name': (simulator, call) => {
    const { body, ...delivery } = simulator.delivery(call.id, call.name);
    return { ...delivery, body: body.toString() };
  },
  'POST workspaces/:id/deliveries/settle': (simulator, call) =>
    simulator.settleDeliveries(call.id, bodyOf<{ timeoutMs?: number }>(call).timeoutMs),
  'POST workspaces/:id/deliveries/reset': (simulator, call) => simulator.resetDeliveries(call.id),
  'POST workspaces/:id/feeds': (simulator, call) => simulator.setFeeds(call.id, bodyOf<Partial<FeedSettings>>(call)),
  'GET workspaces/:id/requests': (simulator, call) => simulator.requests(call.id),
};
