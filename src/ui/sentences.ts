import type { RefusalCode } from './refusal.ts';

const sentences = {
  invalid_request: 'The request was not understood. Reload the page and try again.',
  invalid_token: 'Your session has expired.',
  workspace_mismatch: 'This session belongs to another workspace.',
  forbidden: 'Your role does not allow this. Ask a workspace owner or admin.',
  installation_inactive: 'The add-on is switched off for this workspace.',
  not_found: 'There is no run that this could apply to.',
  method_not_allowed: 'The server does not offer this action.',
  conflict: 'The run is in another state by now. Look at its status and try again.',
  payload_too_large: 'The request is too large.',
  unsupported_media_type: 'The server did not accept the format of the request.',
  validation_failed: 'Some of the options are outside what is allowed.',
  too_many_requests: 'This page is open too often in this workspace. Close it in other tabs.',
  storage_unavailable: 'The database cannot be reached at the moment. Try again shortly.',
  temporal_unavailable: 'The service that carries out runs cannot be reached at the moment. Try again shortly.',
  identity_unavailable: 'The identity provider cannot be reached at the moment. Try again shortly.',
  internal_error: 'Something went wrong on our side. Try again shortly.',
  clockify_token_dead: 'Clockify no longer accepts the add-on’s token. Reinstall the add-on.',
  clockify_access_closed: 'Clockify does not let the add-on read this.',
  clockify_feature_gated: 'The workspace’s plan does not include this, or the feature is switched off.',
  clockify_entity_gone: 'It no longer exists in Clockify.',
  clockify_workspace_unknown: 'Clockify does not know this workspace.',
  clockify_page_too_large: 'Clockify found the page too large; smaller pages are being tried.',
  clockify_request_wrong: 'Clockify did not accept the request.',
  clockify_rate_limited: 'Clockify asked for a slower pace.',
  clockify_unavailable: 'Clockify is not available at the moment.',
  clockify_timeout: 'Clockify did not answer in time.',
  clockify_answer_malformed: 'Clockify’s answer could not be read.',
  egress_refused: 'The address is not one that the add-on may call.',
  attempt_overtaken: 'Another attempt has come between.',
  stale_attempt: 'A newer attempt has taken over.',
  unreachable: 'The add-on’s server cannot be reached. Check the connection.',
  unreadable: 'The server gave an answer that could not be read. Try again shortly.',
} as const satisfies Record<RefusalCode, string>;

/** What a refusal means for the viewer. */
export function sentenceOf(code: RefusalCode): string {
  return sentences[code];
}
