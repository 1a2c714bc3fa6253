/** Every way a request or a call can fail. Nobody reads a message to know what happened. */
export type ErrorCode =
  // refusals of our own routes
  | 'invalid_request'
  | 'invalid_token'
  | 'workspace_mismatch'
  | 'forbidden'
  | 'installation_inactive'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'validation_failed'
  | 'too_many_requests'
  | 'storage_unavailable'
  | 'temporal_unavailable'
  | 'identity_unavailable'
  | 'internal_error'
  // answers of Clockify, told apart as clockify-side causes
  | 'clockify_token_dead'
  | 'clockify_access_closed'
  | 'clockify_feature_gated'
  | 'clockify_entity_gone'
  | 'clockify_workspace_unknown'
  | 'clockify_page_too_large'
  | 'clockify_request_wrong'
  | 'clockify_rate_limited'
  | 'clockify_unavailable'
  | 'clockify_timeout'
  | 'clockify_answer_malformed'
  | 'egress_refused'
  // a worker that lost its place
  | 'attempt_overtaken'
  | 'stale_attempt';

/** Whether repeating the same call can help. */
export const isRetryable = {
  invalid_request: false,
  invalid_token: false,
  workspace_mismatch: false,
  forbidden: false,
  installation_inactive: false,
  not_found: false,
  method_not_allowed: false,
  conflict: false,
  payload_too_large: false,
  unsupported_media_type: false,
  validation_failed: false,
  too_many_requests: true,
  storage_unavailable: true,
  temporal_unavailable: true,
  identity_unavailable: true,
  internal_error: true,
  clockify_token_dead: false,
  clockify_access_closed: false,
  clockify_feature_gated: false,
  clockify_entity_gone: false,
  clockify_workspace_unknown: false,
  clockify_page_too_large: true,
  clockify_request_wrong: false,
  clockify_rate_limited: true,
  clockify_unavailable: true,
  clockify_timeout: true,
  clockify_answer_malformed: true,
  egress_refused: false,
  // A zombie's own is never repeated: Temporal knows that its time is over.
  attempt_overtaken: true,
  stale_attempt: false,
} as const satisfies Record<ErrorCode, boolean>;

export const isErrorCode = (text: unknown): text is ErrorCode => typeof text === 'string' && text in isRetryable;

/** An expected failure: a code from the closed list, a sentence for people, and facts that hold no secret. */
export class AddonError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'AddonError';
    this.code = code;
    this.details = details;
  }
}
