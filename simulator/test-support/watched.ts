import { webhookEvents } from '../api/operations.ts';
import type { Manifest } from '../platform/manifest.ts';
import type { InstallOptions, InstallResult } from '../platform/requests.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../simulator.ts';
import { everyFeature } from './installed.ts';
import { startReceivingAddon, type AddonAnswer, type ReceivedCall, type ReceivingAddon } from './receiving-addon.ts';

/** A simulator whose add-on hears of events. */
export interface Watched {
  readonly simulator: Simulator;
  readonly addon: ReceivingAddon;
  readonly install: InstallResult;
  readonly workspaceId: string;
  /** The events received by now, the oldest first. */
  events(): readonly string[];
  /** The add-on's declared webhook for an event. */
  hookId(event: string): string;
  close(): Promise<void>;
}

interface WatchOptions {
  /** All 51 without. */
  readonly events?: readonly string[];
  /** What the add-on answers to webhooks; 204 without. */
  readonly answer?: (call: ReceivedCall) => AddonAnswer | Promise<AddonAnswer>;
  readonly install?: InstallOptions;
  readonly simulator?: SimulatorOptions;
}

export const eventOf = ({ headers }: Pick<ReceivedCall, 'headers'>) => String(headers['clockify-webhook-event-type']);

export async function startWatched(options: WatchOptions = {}): Promise<Watched> {
  const simulator = await createSimulator({ profile: 'XS', speed: 1_000, ...options.simulator });
  const addon = await startReceivingAddon({ webhooks: declare(options.events ?? webhookEvents) }, (call) =>
    call.path.startsWith('/webhooks') ? (options.answer?.(call) ?? 204) : 204,
  );
  const install = await simulator.install(addon.manifestUrl, {
    features: everyFeature,
    maxWebhooks: 51,
    ...options.install,
  });
  const { workspaceId } = install;
  simulator.setLimits(workspaceId, { perSecond: null, perHour: null });
  return {
    simulator,
    addon,
    install,
    workspaceId,
    events: () => addon.webhooks().map(eventOf),
    hookId: (event) =>
      simulator.hooks(workspaceId).find(({ hook, isDeclared }) => isDeclared && hook.webhookEvent === event)?.hook.id ??
      '',
    async close() {
      await Promise.all([simulator.close(), addon.close()]);
    },
  };
}

const declare = (events: readonly string[]): NonNullable<Manifest['webhooks']> =>
  events.map((event) => ({ event, path: `/webhooks/${event}` }));
