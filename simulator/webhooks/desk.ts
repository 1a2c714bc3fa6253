import { createHash, randomBytes } from 'node:crypto';
import type { Change } from '../platform/change-log.ts';
import type { Installation } from '../platform/state.ts';
import type { World } from '../world/types.ts';
import { announcementsOf } from './change-events.ts';
import { createDeliveryQueue } from './delivery-queue.ts';
import type { Delivery } from './delivery.ts';
import { buildFiredBody, type FireOptions } from './fire.ts';
import type { KnownHook } from './hook.ts';
import { createHookRegister } from './hooks.ts';
import { createPlatformClock } from './platform-clock.ts';
import { createPoster } from './post.ts';
import { calm, defaultSettings, type WebhookSettings } from './settings.ts';
import { summariseDeliveries, type DeliverySummary } from './summary.ts';
import { drawTrouble, type TroubleOptions, type TroubleStep } from './trouble.ts';
import { isTriggeredBy } from './trigger-source.ts';
import { createWaiters } from './waiters.ts';

const maxSockets = 256;
const defaultSettleMs = 60_000;
/** About 500 MB of bodies; the oldest that have ended go first. */
const maxKept = 200_000;

interface DeskDeps {
  readonly world: World;
  readonly installations: readonly Installation[];
  readonly speed: number;
  readonly now: () => number;
  /** Called after each change of a webhook. */
  readonly onChange: () => void;
}

/** The webhooks of one workspace: who hears of a change, and what became of each delivery. */
export function createWebhookDesk({ world, installations, speed, now, onChange }: DeskDeps) {
  const hooks = createHookRegister(world.workspaceId, installations, onChange);
  const waiters = createWaiters();
  const clock = createPlatformClock(speed, waiters.step);
  const poster = createPoster(maxSockets);
  let settings = defaultSettings(speed);
  let deliveries = new Map<string, Delivery>();
  let count = 0;
  let troubles = 0;

  const queue = createDeliveryQueue({
    settings: () => settings,
    clock,
    poster,
    findLive: (hookId) => hooks.findLive(hookId),
    now,
    onStep: waiters.step,
  });

  function deliver(event: string, { hook }: KnownHook, body: Buffer, headers: FireOptions['headers'] = {}): string {
    count += 1;
    const delivery: Delivery = {
      id: randomBytes(12).toString('hex'),
      number: count,
      at: now(),
      event,
      workspaceId: world.workspaceId,
      hookId: hook.id,
      body,
      bodySha256: createHash('sha256').update(body).digest('hex'),
      headers,
      state: 'waiting',
      attempts: [],
    };
    deliveries.set(delivery.id, delivery);
    forgetOldest();
    queue.add(delivery);
    return delivery.id;
  }

  function forgetOldest(): void {
    const [oldest] = deliveries.size > maxKept ? deliveries.values() : [];
    if (oldest !== undefined && !isOpen(oldest)) deliveries.delete(oldest.id);
  }

  function change(changes: Partial<WebhookSettings>): WebhookSettings {
    settings = { ...settings, ...changes };
    if (changes.speed !== undefined) clock.setSpeed(changes.speed);
    queue.pump();
    waiters.step();
    return settings;
  }

  const until = (isMet: () => boolean, timeoutMs = defaultSettleMs) =>
    waiters.until(isMet, timeoutMs, `After ${timeoutMs} ms some deliveries are still open.`);

  return {
    hooks,
    get settings() {
      return settings;
    },
    /** Changes how deliveries go from now on; waits under way follow a new speed. */
    change,
    /** Fires the events of a change to every webhook that is for them. */
    announce(changed: Change): void {
      for (const { event, row, entity, build } of announcementsOf(changed, { world, nowMs: changed.at })) {
        const wanted = hooks.live(event).filter(({ hook }) => isTriggeredBy(hook, entity, row));
        if (wanted.length === 0) continue;
        const body = Buffer.from(JSON.stringify(build()));
        for (const known of wanted) deliver(event, known, body);
      }
    },
    /** Fires an event although nothing changed, and answers the ids of its deliveries; none without a live webhook. */
    fire(options: FireOptions): readonly string[] {
      const live =
        options.hookId === undefined ? hooks.live(options.event) : [hooks.findLive(options.hookId) ?? []].flat();
      return Array.from({ length: options.times ?? 1 }, (_, index) => {
        const body = buildFiredBody(options, world, now(), index);
        return live.map((known) => deliver(options.event, known, body, options.headers));
      }).flat();
    },
    /** Lives through drawn troubles, one step after another, and is calm afterwards; answers the steps. */
    trouble(options: TroubleOptions): readonly TroubleStep[] {
      const steps = drawTrouble(options);
      troubles += 1;
      const next = (index: number) => {
        const step = steps[index];
        change(step ?? calm);
        if (step === undefined) troubles -= 1;
        else clock.after(options.stepMs ?? 10_000, () => next(index + 1));
      };
      next(0);
      return steps;
    },
    deliveries: (): readonly Delivery[] => [...deliveries.values()],
    findDelivery: (id: string): Delivery | undefined => deliveries.get(id),
    /** Resolves once each of these deliveries was attempted or has ended. */
    attempted: (ids: readonly string[]) =>
      until(() => ids.every((id) => deliveries.get(id)?.attempts.length !== 0 || !isOpen(deliveries.get(id)))),
    /**
     * Resolves once every delivery that is due has been acknowledged or given up; what a pause holds back is not due.
     * Throws when that takes longer than so many real milliseconds; 60,000 without.
     */
    async settle(timeoutMs?: number): Promise<DeliverySummary> {
      await until(() => troubles === 0 && queue.isQuiet, timeoutMs);
      return summariseDeliveries([...deliveries.values()]);
    },
    /** Forgets what has ended. */
    reset(): void {
      deliveries = new Map([...deliveries].filter(([, delivery]) => isOpen(delivery)));
    },
    close(): void {
      queue.close();
      clock.stop();
      poster.close();
    },
  };
}

function isOpen(delivery: Delivery | undefined): boolean {
  return delivery?.state === 'waiting' || delivery?.state === 'sending';
}

export type WebhookDesk = ReturnType<typeof createWebhookDesk>;
