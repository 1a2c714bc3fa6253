import { createHash, randomBytes } from 'node:crypto';
import type { Installation } from '../platform/state.ts';

/** Switches of a webhook; it fires while all are on. */
export interface HookSwitches {
  readonly enabled: boolean;
  readonly deliveryEnabled: boolean;
  readonly planEnabled: boolean;
}

/** What a caller of the API says about a webhook. */
export interface HookRequest {
  readonly name: string;
  readonly url: string;
  readonly webhookEvent: string;
  readonly triggerSource: readonly string[];
  readonly triggerSourceType: string;
}

/** A webhook as the API shows it. */
export interface Hook extends HookRequest, HookSwitches {
  readonly id: string;
  readonly userId: string;
  readonly workspaceId: string;
  readonly authToken: string;
}

export interface KnownHook {
  readonly hook: Hook;
  /** Whose it is; null for one that a member made. */
  readonly addonId: string | null;
  /** Declared by a manifest: its token is the JWT that INSTALLED named. */
  readonly isDeclared: boolean;
}

/** A webhook made through the API. */
export interface RegisteredHook {
  readonly hook: Hook;
  readonly addonId: string | null;
}

/** What of the webhooks outlives a restart. */
export interface SavedHooks {
  readonly registered: readonly RegisteredHook[];
  /** Switches of declared webhooks that were touched, by webhook. */
  readonly switches: readonly (readonly [string, HookSwitches])[];
}

const allOn: HookSwitches = { enabled: true, deliveryEnabled: true, planEnabled: true };

/** The webhooks of a workspace, declared and registered. `installations` is looked at afresh at each call. */
export function createHookRegister(workspaceId: string, installations: readonly Installation[], onChange: () => void) {
  const registered = new Map<string, RegisteredHook>();
  const switches = new Map<string, HookSwitches>();

  const isInstalled = (addonId: string | null) =>
    addonId === null || installations.some((one) => one.installed && one.addonId === addonId);
  const isActive = (addonId: string | null) =>
    addonId === null ||
    installations.some((one) => one.installed && one.addonId === addonId && one.status === 'ACTIVE');

  /** All that are not gone with their add-on, those of one event where it is named. */
  function list(event?: string): readonly KnownHook[] {
    const declared = installations.flatMap((one) => (one.installed ? declaredBy(one, event) : []));
    const others = [...registered.values()].filter(
      ({ hook, addonId }) => (event === undefined || hook.webhookEvent === event) && isInstalled(addonId),
    );
    return [...declared, ...others.map((one) => ({ ...one, isDeclared: false }))];
  }

  function declaredBy(
    { addonId, addonUserId, manifest, webhooks }: Installation,
    event?: string,
  ): readonly KnownHook[] {
    return webhooks
      .filter((webhook) => event === undefined || webhook.event === event)
      .map(({ event: webhookEvent, path, authToken }) => {
        const id = createHash('sha256').update(authToken).digest('hex').slice(0, 24);
        const hook: Hook = {
          id,
          name: webhookEvent,
          url: manifest.baseUrl + path,
          webhookEvent,
          triggerSource: [workspaceId],
          triggerSourceType: 'WORKSPACE_ID',
          userId: addonUserId,
          workspaceId,
          ...(switches.get(id) ?? allOn),
          authToken,
        };
        return { hook, addonId, isDeclared: true };
      });
  }

  const find = (id: string) => list().find(({ hook }) => hook.id === id);

  function store(hook: Hook, addonId: string | null): Hook {
    registered.set(hook.id, { hook, addonId });
    onChange();
    return hook;
  }

  function change(id: string, changes: Partial<Hook>): Hook {
    const known = registered.get(id);
    if (known === undefined) throw new Error(`There is no registered webhook ${id}.`);
    return store({ ...known.hook, ...changes }, known.addonId);
  }

  return {
    list,
    find,
    /** The webhook while it fires; undefined when it is gone or switched off, or its add-on is. */
    findLive(id: string): KnownHook | undefined {
      const known = find(id);
      return known !== undefined && isLive(known) ? known : undefined;
    },
    /** Those of an event that fire now. */
    live: (event: string): readonly KnownHook[] => list(event).filter(isLive),
    create(request: HookRequest, owner: { readonly userId: string; readonly addonId: string | null }): Hook {
      const id = randomBytes(12).toString('hex');
      const { userId, addonId } = owner;
      return store({ id, ...request, userId, workspaceId, ...allOn, authToken: opaqueToken() }, addonId);
    },
    replace: (id: string, request: HookRequest): Hook => change(id, request),
    /** The token of before is dead at once. */
    rotate: (id: string): Hook => change(id, { authToken: opaqueToken() }),
    remove(id: string): void {
      registered.delete(id);
      onChange();
    },
    setSwitches(id: string, changes: Partial<HookSwitches>): Hook {
      const known = find(id);
      if (known === undefined) throw new Error(`There is no webhook ${id}.`);
      if (!known.isDeclared) return change(id, changes);
      const { enabled, deliveryEnabled, planEnabled } = { ...known.hook, ...changes };
      switches.set(id, { enabled, deliveryEnabled, planEnabled });
      onChange();
      return { ...known.hook, ...changes };
    },
    save: (): SavedHooks => ({ registered: [...registered.values()], switches: [...switches] }),
    restore(saved: SavedHooks): void {
      for (const one of saved.registered) registered.set(one.hook.id, one);
      for (const [id, known] of saved.switches) switches.set(id, known);
    },
  };

  function isLive({ hook, addonId }: KnownHook): boolean {
    return hook.enabled && hook.deliveryEnabled && hook.planEnabled && isActive(addonId);
  }
}

export type HookRegister = ReturnType<typeof createHookRegister>;

/** 32 characters, as live; no JWT. */
function opaqueToken(): string {
  return randomBytes(24).toString('base64url');
}
