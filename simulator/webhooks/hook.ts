/** Switches of a webhook; it fires while all are on. */
export interface HookSwitches {
  readonly enabled: boolean;
  readonly deliveryEnabled: boolean;
  readonly planEnabled: boolean;
}

export const allOn: HookSwitches = { enabled: true, deliveryEnabled: true, planEnabled: true };

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

/** A webhook made through the API. */
export interface RegisteredHook {
  readonly hook: Hook;
  /** Whose it is; null for one that a member made. */
  readonly addonId: string | null;
}

export interface KnownHook extends RegisteredHook {
  /** Declared by a manifest: its token is the JWT that INSTALLED named. */
  readonly isDeclared: boolean;
}

/** What of the webhooks outlives a restart. */
export interface SavedHooks {
  readonly registered: readonly RegisteredHook[];
  /** Switches of declared webhooks that were touched, by webhook. */
  readonly switches: readonly (readonly [string, HookSwitches])[];
}
