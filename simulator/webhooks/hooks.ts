import { randomBytes } from 'node:crypto';
import type { Installation } from '../platform/state.ts';
import { declaredHooks } from './declared-hooks.ts';
import {
  allOn,
  type Hook,
  type HookRequest,
  type HookSwitches,
  type KnownHook,
  type RegisteredHook,
  type SavedHooks,
} from './hook.ts';

/** The webhooks of a workspace, declared and registered. `installations` is looked at afresh at each call. */
export function createHookRegister(workspaceId: string, installations: readonly Installation[], onChange: () => void) {
  const registered = new Map<string, RegisteredHook>();
  const switches = new Map<string, HookSwitches>();

  const ownerOf = ({ addonId }: RegisteredHook) =>
    installations.find((one) => one.installed && one.addonId === addonId)?.status;
  const isThere = (one: RegisteredHook) => one.addonId === null || ownerOf(one) !== undefined;

  function isLive(one: KnownHook): boolean {
    const { enabled, deliveryEnabled, planEnabled } = one.hook;
    return enabled && deliveryEnabled && planEnabled && (one.addonId === null || ownerOf(one) === 'ACTIVE');
  }

  /** All that are not gone with their add-on, those of one event where it is named. */
  function list(event?: string): readonly KnownHook[] {
    const declared = installations.flatMap((one) => (one.installed ? declaredHooks(one, switches, event) : []));
    const others = [...registered.values()].filter(
      (one) => (event === undefined || one.hook.webhookEvent === event) && isThere(one),
    );
    return [...declared, ...others.map((one) => ({ ...one, isDeclared: false }))];
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
    /** Those of an event that fire now. */
    live: (event: string): readonly KnownHook[] => list(event).filter(isLive),
    /** The webhook while it fires; undefined when it is gone or switched off, or its add-on is. */
    findLive(id: string): KnownHook | undefined {
      const known = find(id);
      return known !== undefined && isLive(known) ? known : undefined;
    },
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
      const hook = { ...known.hook, ...changes };
      const { enabled, deliveryEnabled, planEnabled } = hook;
      switches.set(id, { enabled, deliveryEnabled, planEnabled });
      onChange();
      return hook;
    },
    save: (): SavedHooks => ({ registered: [...registered.values()], switches: [...switches] }),
    restore(saved: SavedHooks): void {
      for (const one of saved.registered) registered.set(one.hook.id, one);
      for (const [id, known] of saved.switches) switches.set(id, known);
    },
  };
}

/** 32 characters, as live; no JWT. */
function opaqueToken(): string {
  return randomBytes(24).toString('base64url');
}
