import type { AddonError } from './errors.ts';
import type { EventState } from './webhook-states.ts';

export interface Refusal {
  readonly state: EventState;
  readonly reason: string;
  /** Whether the next event would fare no better. */
  readonly isFinal: boolean;
}

/** How Clockify numbers the refusal of what the plan has no more of. */
const planLimit = 4033;

/** What a failed attempt to make a webhook means for its event. */
export function classifyRefusal({ code, details }: AddonError): Refusal {
  if (details['errorNumber'] === planLimit) {
    return { state: 'cap_reached', reason: 'Clockify allows no more webhooks.', isFinal: true };
  }
  if (code === 'clockify_access_closed' || code === 'clockify_feature_gated') {
    return { state: 'not_accessible', reason: 'Clockify does not open its webhooks to the add-on.', isFinal: true };
  }
  if (code === 'clockify_request_wrong' || code === 'clockify_entity_gone') {
    return { state: 'refused', reason: 'Clockify did not accept the webhook.', isFinal: false };
  }
  return { state: 'failed', reason: failures[code] ?? 'Clockify gave no usable answer.', isFinal: true };
}

const failures: Partial<Record<AddonError['code'], string>> = {
  clockify_token_dead: 'Clockify no longer accepts the token of the installation.',
  clockify_rate_limited: 'The request budget of the workspace was used up.',
};
